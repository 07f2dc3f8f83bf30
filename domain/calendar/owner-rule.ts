import { IDLE, type Instant } from '../promise/instant.ts';
import { awayAround, isAway, isOnDuty, worksBetween, type Duty } from './duty.ts';

/** One of the staff who may answer for a promise. */
export interface Candidate {
  readonly id: string;
  readonly duty: Duty;
}

/** One of a team, with what they have to do already. */
export interface RotaMember extends Candidate {
  /** Their open promises whose target is today. */
  readonly dueToday: number;
  /** When a promise last came to them; null: never. */
  readonly lastGivenAt: Instant | null;
}

/** Who is asked, in this order. */
export interface Candidates {
  /** Before the team: the customer's last owner, or the deputy of whoever is away. */
  readonly first: readonly Candidate[];
  /** The team that serves the kind. */
  readonly rota: readonly RotaMember[];
  /** Upwards: where somebody is away, the next one. */
  readonly leads: readonly Candidate[];
}

/**
 * Who is to answer for a promise: the first one asked who is on duty now; where nobody is, the first who works before its
 * target; else the lead. Nobody is given a promise who is away now or will be at its target, since they would lose it
 * again. Null: nobody is there.
 * @example
 * // At midnight nobody is on duty; Mari works tomorrow morning, and the target is in the afternoon.
 * ownerFor({ first: [], rota: [mari], leads: [jaan] }, midnight, tomorrowAfternoon) //=> 'mari'
 */
export function ownerFor({ first, rota, leads }: Candidates, now: Instant, targetAt: Instant): string | null {
  // The target of a clock that stands has no time.
  const target = targetAt === IDLE ? now : targetAt;
  const isThere = ({ duty }: Candidate): boolean => !isAway(duty, now) && !isAway(duty, target);
  const there = { first: first.filter(isThere), rota: rota.filter(isThere) };
  const among = (fits: (candidate: Candidate) => boolean): Candidate | undefined =>
    there.first.find(fits) ?? nextOf(there.rota.filter(fits));
  const chosen =
    among(({ duty }) => isOnDuty(duty, now)) ??
    among(({ duty }) => worksBetween(duty, now, target)) ??
    leads.find(isThere) ??
    among(() => true);
  return chosen?.id ?? null;
}

/**
 * Whether an absence takes a promise from its owner: they are away at its target, and the absence goes on. `isNew`: also
 * where it has not begun yet.
 */
export function isTakenFrom({ duty }: Candidate, targetAt: Instant, now: Instant, isNew = false): boolean {
  if (targetAt === IDLE) return false;
  const away = awayAround(duty, targetAt);
  return away !== null && now < away.to && (isNew || away.from <= now);
}

/** Whose turn it is: fewest open promises with a target today, then longest without a new one, then by id. */
export function nextOf(rota: readonly RotaMember[]): RotaMember | undefined {
  return rota.reduce<RotaMember | undefined>(
    (best, member) => (best && !isBefore(member, best) ? best : member),
    undefined,
  );
}

function isBefore(a: RotaMember, b: RotaMember): boolean {
  if (a.dueToday !== b.dueToday) return a.dueToday < b.dueToday;
  const [since, other] = [a.lastGivenAt ?? '', b.lastGivenAt ?? ''];
  return since === other ? a.id < b.id : since < other;
}
