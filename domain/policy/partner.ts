import { PARTNER_CHECKPOINTS } from './checkpoints.ts';
import { isRecord, type DocumentFault, type Say } from './documents.ts';
import { DURATION } from './durations.ts';
import { mapping, mappingOf, orNone, type Form } from './forms.ts';
import { KIND, PARTNER } from './names.ts';
import type { CheckpointRule, Duration, Policy } from './policy.ts';
import { GOAL } from './shares.ts';

/** What a reseller or carrier is held to: its own part of the promises that name it. A version of it never changes. */
export interface Partner {
  /** As promises name it. */
  readonly id: string;
  readonly name: string;
  /** Share of its promises to be kept, 0 < goal <= 1; null: the goals of their kinds. */
  readonly goal: number | null;
  /** Null: that of the policy. */
  readonly factLag: Duration | null;
  /** Those it answers for, by kind of promise, beside those of the policy. */
  readonly checkpoints: Readonly<Record<string, readonly Omit<CheckpointRule, 'partner'>[]>>;
}

/** A partner in one of its versions. */
export interface VersionedPartner {
  readonly partner: Partner;
  readonly version: number;
}

/**
 * How a partner is written, in partners.yaml and by route. To add a field: an entry here, one in `Partner`; it needs a
 * default, which `completedPartner` gives to those stored before. `id`: what it is called where it says no name.
 */
export const partnerForm = (id: string): Form<Partner> =>
  mapping<Partner>('{ id: dpd, name: DPD, goal: 97% }', {
    id: { form: PARTNER, meaning: 'As promises name it in `partner`.' },
    name: { form: PARTNER, meaning: 'What people read; left out, the id.', fallback: id },
    goal: {
      form: orNone(GOAL),
      meaning: 'The share of its promises to be kept; none: the goals of their kinds.',
      fallback: null,
    },
    factLag: {
      form: orNone(DURATION),
      meaning: "How late its facts usually come, in place of the policy's `factLag`; none: that holds.",
      fallback: null,
    },
    checkpoints: {
      form: mappingOf('kind', KIND, PARTNER_CHECKPOINTS, '{ delivery: [{ name: scanned, at: 60% }] }'),
      meaning:
        'Milestones that it answers for, by kind of promise, beside those of the policy; one of the same name takes the ' +
        "place of the policy's.",
      fallback: {},
    },
  });

/** Reads a partner (YAML or JSON, already parsed) and fills in the defaults. All faults are named together. */
export function parsePartner(
  document: unknown,
): { readonly partner: Partner } | { readonly faults: readonly DocumentFault[] } {
  const faults: DocumentFault[] = [];
  const say: Say = (pointer, message) => void faults.push({ pointer, message });
  const partner = partnerForm(isRecord(document) ? String(document['id']) : '').read(document, say);
  return partner && faults.length === 0 ? { partner } : { faults };
}

/** What a file would say to be this partner, every field named. */
export const partnerDocument = (partner: Partner): Readonly<Record<string, unknown>> =>
  partnerForm(partner.id).write(partner) as Readonly<Record<string, unknown>>;

/** A partner as it was stored, with defaults for fields that are younger than it. */
export function completedPartner(stored: unknown): Partner {
  const said: Partial<Partner> = isRecord(stored) ? stored : {};
  const { id = '', name = id } = said;
  return { goal: null, factLag: null, checkpoints: {}, ...said, id, name };
}

/** A checkpoint and the field that it comes from; null: `checkpoints` of the policy. */
export type HeldCheckpoint = CheckpointRule & { readonly field: string | null };

/** What a partner puts beside a policy, or in its place. */
export interface PartnerTerms {
  readonly factLag: Duration;
  /** Where `factLag` comes from. */
  readonly factLagOf: string;
  readonly checkpoints: readonly HeldCheckpoint[];
}

/**
 * The rules under which a promise of the policy's kind is, where it names this partner; null: it names none that has rules.
 * @example termsWith({ …, factLag: 'PT2H' }, { id: 'dpd', factLag: 'PT6H', … }).factLagOf //=> 'partners.dpd.factLag'
 */
export function termsWith(policy: Policy, partner: Partner | null): PartnerTerms {
  const { id = '', factLag = null, checkpoints = {} } = partner ?? {};
  const own = (Object.hasOwn(checkpoints, policy.kind) ? checkpoints[policy.kind] : undefined) ?? [];
  const named = new Set(own.map(({ name }) => name));
  const field = `partners.${id}.checkpoints.${policy.kind}`;
  return {
    factLag: factLag ?? policy.factLag,
    factLagOf: factLag === null ? 'factLag' : `partners.${id}.factLag`,
    checkpoints: [
      ...policy.checkpoints.filter(({ name }) => !named.has(name)).map((rule) => ({ ...rule, field: null })),
      ...own.map((rule) => ({ ...rule, partner: true, field })),
    ],
  };
}
