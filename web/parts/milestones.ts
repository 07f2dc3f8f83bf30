import { passedAt as whenPassed } from '../../domain/promise/fold.ts';
import type { Instant } from '../../domain/promise/instant.ts';
import type { PlannedCheckpoint } from '../../domain/promise/plan.ts';
import type { BarTimes } from '../shapes.ts';

/** Where a checkpoint stands: passed in time or after its target, missed, or still ahead; `unneeded`: it ended before. */
export type MilestoneState = 'passed' | 'passedLate' | 'missed' | 'ahead' | 'unneeded';

export interface Milestone extends Pick<PlannedCheckpoint, 'name' | 'at' | 'partner'> {
  readonly passedAt: Instant | null;
  readonly state: MilestoneState;
}

/** The checkpoints of the plan in force, as they stand now or stood when the promise ended. */
export function milestonesOf(
  { checkpoints, passed, closedAt }: Pick<BarTimes, 'checkpoints' | 'passed' | 'closedAt'>,
  now: Instant,
): readonly Milestone[] {
  return checkpoints.map(({ name, at, partner }) => {
    const passedAt = whenPassed(passed, name);
    return { name, at, partner, passedAt, state: stateOf(at, passedAt, closedAt, now) };
  });
}

function stateOf(at: Instant, passedAt: Instant | null, closedAt: Instant | null, now: Instant): MilestoneState {
  if (passedAt !== null) return passedAt <= at ? 'passed' : 'passedLate';
  if (at <= (closedAt ?? now)) return 'missed';
  return closedAt === null ? 'ahead' : 'unneeded';
}
