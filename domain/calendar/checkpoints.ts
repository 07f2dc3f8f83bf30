import { msBetween, plusMs, type Instant } from '../promise/instant.ts';
import type { PlannedCheckpoint } from '../promise/plan.ts';
import type { HeldCheckpoint } from '../policy/partner.ts';
import type { CheckpointRule } from '../policy/policy.ts';
import { SHARE } from '../policy/shares.ts';
import type { Room } from './buffer-rules.ts';
import { withinPromise } from './deadline.ts';
import { plusDuration } from './durations.ts';
import { hoursMs, whenLeft } from './running-clock.ts';
import { whenWorked } from './work-clock.ts';

/** The milestones of a promise with their own targets, cut from it by its policy and its partner; the nearest first. */
export function checkpointsOf(rules: readonly HeldCheckpoint[], room: Room): readonly PlannedCheckpoint[] {
  return rules
    .map((rule) => ({
      ...{ name: rule.name, at: targetOf(rule, room), partner: rule.partner, value: valueOf(rule) },
      ...(rule.field === null ? {} : { field: rule.field }),
    }))
    .sort((a, b) => (a.at < b.at ? -1 : a.at > b.at ? 1 : 0));
}

/** A share of the time promised, or so long after it was told; on a running clock both are running time. */
function targetOf({ at }: Pick<CheckpointRule, 'at'>, room: Room): Instant {
  const { since, promisedAt, zone, clock } = room;
  if ('fixed' in at) {
    const after = clock
      ? (whenWorked(clock.work, hoursMs(at.fixed)) ?? promisedAt)
      : plusDuration(since, at.fixed, zone);
    return withinPromise(after, since, promisedAt);
  }
  const along = clock && whenLeft(clock, clock.withinMs * (1 - at.share));
  return withinPromise(along ?? plusMs(since, Math.round(msBetween(since, promisedAt) * at.share)), since, promisedAt);
}

const valueOf = ({ at }: Pick<CheckpointRule, 'at'>): string =>
  'fixed' in at ? at.fixed : String(SHARE.write(at.share));
