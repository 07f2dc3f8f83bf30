import type { Say } from './documents.ts';
import { isAtLeast, isLonger, isNothing } from './durations.ts';
import type { BufferRule, Duration, Policy } from './policy.ts';

/**
 * Says what no promise could ever be under: fields that are right one by one, and not together. What is merely odd, or
 * bounded by the plan anyway (a lead longer than the promise), is none of it.
 */
export function sayImpossible(policy: Policy, isSaid: (field: keyof Policy) => boolean, say: Say): void {
  const { longest, shortest } = policy;
  if (isNothing(longest))
    return say('/longest', `No promise lasts at most ${longest}: none could be made. Write the longest, e.g. P2Y.`);
  if (isLonger(shortest, longest))
    say('/shortest', `shortest ${shortest} is longer than longest ${longest}: no promise is both. Swap them.`);
  sayBuffer(policy, say);
  sayNothing(policy, isSaid, say);
  sayCheckpoints(policy, say);
  sayTries(policy, isSaid, say);
}

/** The least that a buffer takes, and where it stands. Of working time at least as much time passes. */
function leastOf(rule: BufferRule): readonly [key: string, least: Duration | null] {
  if ('fixed' in rule) return ['fixed', rule.fixed];
  return 'share' in rule ? ['min', rule.min] : ['working', rule.working];
}

function sayBuffer({ buffer, longest }: Policy, say: Say): void {
  const [key, least] = leastOf(buffer);
  if (least !== null && isAtLeast(least, longest))
    say(
      `/buffer/${key}`,
      `A buffer of ${least} leaves no time for the work: no promise is longer than ${longest} (longest). Write less.`,
    );
}

/** What takes no time, and cannot be meant: a time for all who are late at once, news that is never any. */
function sayNothing(policy: Policy, isSaid: (field: keyof Policy) => boolean, say: Say): void {
  const { buffer, tooTight, whenUnknown, lead, nextNews, estimateFresh } = policy;
  const [key, most] = mostOf(buffer);
  if (tooTight === 'refuse' && most !== null && isNothing(most))
    say(`/buffer/${key}`, `A buffer of ${most} is none, and tooTight: refuse refuses what has none: all. Write more.`);
  if (whenUnknown === 'warn' && isNothing(lead))
    say(
      isSaid('lead') ? '/lead' : '/whenUnknown',
      `A lead of ${lead} leaves no time to warn in, and whenUnknown: warn asks for it. Write a lead, e.g. PT4H.`,
    );
  if (isNothing(nextNews)) say('/nextNews', `${nextNews} is no time until the next news. Write one, e.g. P1D.`);
  if (isNothing(estimateFresh))
    say('/estimateFresh', `${estimateFresh} makes no estimate news, ever. Write for how long one is, e.g. P1D.`);
}

/** The most that a buffer takes, and where it stands; null: no bound. */
function mostOf(rule: BufferRule): readonly [key: string, most: Duration | null] {
  if ('fixed' in rule) return ['fixed', rule.fixed];
  return 'share' in rule ? ['max', rule.max] : ['working', rule.working];
}

function sayCheckpoints({ checkpoints, longest }: Policy, say: Say): void {
  for (const [index, { name, at }] of checkpoints.entries())
    if ('fixed' in at && isAtLeast(at.fixed, longest))
      say(
        `/checkpoints/${index}/at/fixed`,
        `${name} after ${at.fixed} is never inside a promise, none being longer than ${longest} (longest). Write less.`,
      );
}

function sayTries({ tries, longest }: Policy, isSaid: (field: keyof Policy) => boolean, say: Say): void {
  if (tries === null || !isAtLeast(tries.every, longest, tries.max - 1)) return;
  say(
    // What comes from the defaults stands nowhere in the file.
    isSaid('tries') ? '/tries/every' : '/longest',
    `${tries.max} tries ${tries.every} apart do not fit into ${longest} (longest), so that the last would never count. ` +
      'Write fewer tries, nearer together.',
  );
}
