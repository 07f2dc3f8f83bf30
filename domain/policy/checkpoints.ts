import { isRecord } from './documents.ts';
import { DURATION, isNothing } from './durations.ts';
import { checked, listOf, mapping, YES_NO, type Form } from './forms.ts';
import { CHECKPOINT } from './names.ts';
import type { CheckpointRule } from './policy.ts';
import { SHARE } from './shares.ts';

const MOST = 20;

const FIXED = checked(
  mapping<{ readonly fixed: string }>('{ fixed: P1D }', {
    fixed: { form: DURATION, meaning: 'Always this long after the promise was made.' },
  }),
  ({ fixed }, say) => {
    if (isNothing(fixed))
      say(
        '/fixed',
        `${fixed} after the promise was made is at once: it would be missed from the start. Write e.g. P1D.`,
      );
  },
);

/** `60%`, or `{ fixed: P1D }`. */
const TARGET: Form<CheckpointRule['at']> = {
  read: (value, say) => {
    if (isRecord(value)) return FIXED.read(value, say);
    const share = SHARE.read(value, say);
    return share === undefined ? undefined : { share };
  },
  write: (at) => ('share' in at ? SHARE.write(at.share) : FIXED.write(at)),
  schema: { anyOf: [SHARE.schema, FIXED.schema] },
  unit: 'per cent, or { fixed: duration }',
  parts: [],
};

const NAME_AND_TARGET = {
  name: { form: CHECKPOINT, meaning: 'What `progressed` says when it is passed.' },
  at: {
    form: TARGET,
    meaning: 'Its target, from when the promise was made: a share of the time promised, or fixed.',
  },
};

/** In any order, each of its own name. */
const listed = <T extends Pick<CheckpointRule, 'name'>>(form: Form<T>): Form<readonly T[]> =>
  checked(listOf(form, MOST, '[{ name: scanned, at: 60% }]'), (rules, say) => {
    const names = rules.map(({ name }) => name);
    for (const [index, name] of names.entries())
      if (names.indexOf(name) < index)
        say(`/${index}/name`, `${name} stands here twice: passed, it would not be known which. Give it another name.`);
  });

/** The milestones of a promise. */
export const CHECKPOINTS = listed(
  mapping<CheckpointRule>('{ name: scanned, at: 60% }', {
    ...NAME_AND_TARGET,
    partner: {
      form: YES_NO,
      meaning: 'Whether a missed one is the slip of the partner, where there is one.',
      fallback: false,
    },
  }),
);

/** Those that a partner answers for, every one. */
export const PARTNER_CHECKPOINTS = listed(
  mapping<Omit<CheckpointRule, 'partner'>>('{ name: scanned, at: 60% }', NAME_AND_TARGET),
);
