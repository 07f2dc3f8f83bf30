import { BUFFER } from './buffer-rule.ts';
import { CHECKPOINTS } from './checkpoints.ts';
import { sayImpossible } from './combinations.ts';
import { isRecord, type DocumentFault, type Say } from './documents.ts';
import { DURATION } from './durations.ts';
import { ESCALATION_RULES, USUAL_ESCALATION } from './escalation.ts';
import { mapping, oneOf, orNone, YES_NO, type Form, type Key } from './forms.ts';
import { KIND } from './names.ts';
import type { Policy } from './policy.ts';
import { QUIET_HOURS, USUAL_QUIET } from './quiet-hours.ts';
import { REMEDIES } from './remedies.ts';
import { GOAL } from './shares.ts';
import { SLOTS, USUAL_SLOTS } from './slots.ts';
import { TRIES, USUAL_TRIES } from './tries.ts';

/** One policy field: how it is read and written, what it means, in which unit, and what holds where the file is silent. */
export interface PolicyField<T> extends Form<T> {
  readonly meaning: string;
  readonly fallback: (kind: string) => T;
}

type Required = 'kind' | 'buffer';

/** The two fields that have no default. */
export const REQUIRED_FIELDS: { readonly [F in Required]: Omit<PolicyField<Policy[F]>, 'fallback'> } = {
  kind: {
    ...KIND,
    meaning: 'What sort of promise the file is about: lower-case letters, digits and -, a letter first.',
  },
  buffer: {
    ...BUFFER,
    meaning: 'How far before the promised time our own target lies: by one of fixed, share and working.',
  },
};

/** Every other field. To add one: one entry here and one in `Policy`. */
export const POLICY_FIELDS: { readonly [F in Exclude<keyof Policy, Required>]: PolicyField<Policy[F]> } = {
  lead: {
    ...DURATION,
    meaning: 'The customer hears at least this long before the promised time; never more than half the time promised.',
    fallback: () => 'P1D',
  },
  estimateFresh: {
    ...DURATION,
    meaning: 'An older estimate is no news.',
    fallback: () => 'P2D',
  },
  whenUnknown: {
    ...oneOf(['silent', 'warn'] as const),
    meaning: 'At the last call without news: say nothing, or warn.',
    fallback: (kind) => (kind === 'reply' || kind === 'repair' ? 'warn' : 'silent'),
  },
  factLag: {
    ...DURATION,
    meaning: 'How late facts usually come: recovery waits this long after the deadline.',
    fallback: () => 'PT2H',
  },
  nextNews: {
    ...DURATION,
    meaning: 'When the customer hears next, where no new time can be told.',
    fallback: () => 'P1D',
  },
  quiet: {
    ...orNone(QUIET_HOURS),
    meaning: 'When the customer is not disturbed, by these channels.',
    fallback: () => USUAL_QUIET,
  },
  notices: {
    ...mapping<Policy['notices']>('{ promised: true }', {
      promised: {
        form: YES_NO,
        meaning: 'Confirm to the customer at registration, and each time that was agreed since.',
        fallback: false,
      },
    }),
    meaning: 'Which notices go out beyond those that are always owed.',
    fallback: () => ({ promised: false }),
  },
  goal: {
    ...orNone(GOAL),
    meaning: 'The share of promises to be kept.',
    fallback: () => null,
  },
  sendGuard: {
    ...DURATION,
    meaning:
      'No risk notice is handed over later than this before the deadline; never more than a quarter of the lead.',
    fallback: () => 'PT30S',
  },
  spread: {
    ...DURATION,
    meaning: 'Against herds: notices go up to this much earlier, recoveries up to this much later.',
    fallback: () => 'PT0S',
  },
  tooTight: {
    ...oneOf(['flag', 'refuse'] as const),
    meaning: 'A promise that is too tight is made and flagged, or refused.',
    fallback: () => 'flag',
  },
  shortest: {
    ...DURATION,
    meaning: 'A shorter promise is too tight.',
    fallback: () => 'PT0S',
  },
  longest: {
    ...DURATION,
    meaning: 'No promise is longer than this.',
    fallback: () => 'P2Y',
  },
  escalation: {
    ...ESCALATION_RULES,
    meaning: 'Who of the staff is told, by reason, and what happens where nobody acknowledges; [] is nobody.',
    fallback: () => USUAL_ESCALATION,
  },
  checkpoints: {
    ...CHECKPOINTS,
    meaning: 'Milestones with targets of their own.',
    fallback: () => [],
  },
  tries: {
    ...orNone(TRIES),
    meaning: 'How the customer is called.',
    fallback: (kind) => (kind === 'callback' ? USUAL_TRIES : null),
  },
  slots: {
    ...orNone(SLOTS),
    meaning: 'How places for calls are offered.',
    fallback: (kind) => (kind === 'callback' ? USUAL_SLOTS : null),
  },
  remedies: {
    ...orNone(REMEDIES),
    meaning:
      'How a broken promise is made good: by its lateness and value, at once, within a limit and a budget a month.',
    fallback: () => null,
  },
};

const EXAMPLE = '{ kind: delivery, buffer: { fixed: P1D } }';
type Keys = { readonly [F in keyof Policy]: Key<Policy[F]> };

/** A whole policy of a kind, by which what its file may leave out differs. */
export function policyForm(kind: string): Form<Policy> {
  const required = Object.entries(REQUIRED_FIELDS).map(([name, field]) => [
    name,
    { form: field, meaning: field.meaning },
  ]);
  const others = Object.entries(POLICY_FIELDS).map(([name, field]) => [
    name,
    { form: field, meaning: field.meaning, fallback: field.fallback(kind) },
  ]);
  return mapping<Policy>(EXAMPLE, Object.fromEntries([...required, ...others]) as Keys);
}

/**
 * Reads a policy document (YAML or JSON, already parsed) and fills in the defaults. All faults are named together: an
 * unknown field is one, a missing buffer rule is one. What cannot be together is looked for once each field is right.
 */
export function parsePolicy(
  document: unknown,
): { readonly policy: Policy } | { readonly faults: readonly DocumentFault[] } {
  const faults: DocumentFault[] = [];
  const say: Say = (pointer, message) => void faults.push({ pointer, message });
  const said = isRecord(document) ? document : {};
  const policy = policyForm(String(said['kind'])).read(document, say);
  if (policy) sayImpossible(policy, (field) => field in said, say);
  return policy && faults.length === 0 ? { policy } : { faults };
}

/** What a file would say to be this policy, every field named: `parsePolicy` of it gives the same policy. */
export const policyDocument = (policy: Policy): Readonly<Record<string, unknown>> =>
  policyForm(policy.kind).write(policy) as Readonly<Record<string, unknown>>;

/** A policy as it was stored, with the defaults of its kind for fields that are younger than it. */
export function completed(stored: unknown): Policy {
  const said: Partial<Policy> = isRecord(stored) ? stored : {};
  const { kind = '', buffer = { fixed: 'PT0S' } } = said;
  const fallbacks = Object.entries(POLICY_FIELDS).map(([name, { fallback }]) => [name, fallback(kind)]);
  return { ...(Object.fromEntries(fallbacks) as Omit<Policy, Required>), ...said, kind, buffer };
}
