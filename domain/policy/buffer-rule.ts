import { isRecord, sayUnknown, show } from './documents.ts';
import { DURATION, isLonger, WORKING_TIME } from './durations.ts';
import { checked, mapping, orNone, type Form } from './forms.ts';
import { CALENDAR } from './names.ts';
import { nearest } from './nearest.ts';
import type { BufferRule } from './policy.ts';
import { SHARE } from './shares.ts';

type RuleWith<K extends string> = Extract<BufferRule, { readonly [Key in K]: unknown }>;

const FIXED = mapping<RuleWith<'fixed'>>('{ fixed: P1D }', {
  fixed: { form: DURATION, meaning: 'Always this much. Stands alone.' },
});

const SHARED = checked(
  mapping<RuleWith<'share'>>('{ share: 20%, min: PT4H, max: P3D }', {
    share: { form: SHARE, meaning: 'This share of the time promised, above 0 % and below 100 %.' },
    min: { form: orNone(DURATION), meaning: 'With `share`: at least this much.', fallback: null },
    max: { form: orNone(DURATION), meaning: 'With `share`: at most this much.', fallback: null },
  }),
  ({ min, max }, say) => {
    if (min !== null && max !== null && isLonger(min, max))
      say('/min', `min ${min} is longer than max ${max}, and no buffer is both. Swap them or leave one out.`);
  },
);

const WORKING = mapping<RuleWith<'working'>>('{ working: PT4H, calendar: office }', {
  working: { form: WORKING_TIME, meaning: 'This much working time of `calendar`.' },
  calendar: { form: CALENDAR, meaning: 'With `working`: the id of the calendar that counts.' },
});

const RULES = { fixed: FIXED, share: SHARED, working: WORKING };
/** The key by which each rule is known, and what goes with it. */
const KEYS: Readonly<Record<string, keyof typeof RULES>> = {
  fixed: 'fixed',
  share: 'share',
  min: 'share',
  max: 'share',
  working: 'working',
  calendar: 'working',
};
const EXAMPLES = 'one of { fixed: P1D }, { share: 20%, min: PT4H, max: P3D } and { working: PT4H, calendar: office }';

/** How far before the promised time our own target lies. */
export const BUFFER: Form<BufferRule> = {
  read: (value, say) => {
    if (!isRecord(value)) return say('', `A kind needs a buffer rule, ${EXAMPLES}; not ${show(value)}.`);
    const said = Object.keys(RULES).filter((key) => key in value);
    if (said.length > 1) return say('', `${said.join(' and ')} exclude each other: a buffer is ${EXAMPLES}.`);
    const rule = ruleMeant(value);
    if (rule !== null) return RULES[rule].read(value, say);
    sayUnknown(value, Object.keys(KEYS), '', say);
    return say('', `A buffer says fixed, share or working: ${EXAMPLES}.`);
  },
  write: (rule) => {
    if ('fixed' in rule) return FIXED.write(rule);
    return 'share' in rule ? SHARED.write(rule) : WORKING.write(rule);
  },
  schema: { oneOf: Object.values(RULES).map(({ schema }) => schema) },
  unit: 'rule',
  parts: Object.values(RULES).flatMap(({ parts }) => parts),
};

/** By the key that names it, else by one that goes with it, else by one that is misspelt. */
function ruleMeant(value: Record<string, unknown>): keyof typeof RULES | null {
  const keys = Object.keys(value).map((key) => nearest(key, Object.keys(KEYS)));
  const names = Object.keys(RULES).find((name) => name in value);
  const [first] = keys.flatMap((key) => (key === null ? [] : [key]));
  return KEYS[names ?? first ?? ''] ?? null;
}
