import { v7 as uuid } from 'uuid';
import { ALERT_GROUP, alertStands, alertLines, IS_THEIRS } from './alerts.ts';
import type { FrozenMessage } from './claims.ts';
import { companyRules, companyZone } from './company.ts';
import { calledOf, dossiersOfPromises, type Briefing } from './dossiers.ts';
import type { HeldText } from './held.ts';
import { countMail, unlessHeld, type Held, type MailCount } from './hold.ts';
import { databaseNow, inTransaction, type Pool, type Queryable, type Tx } from './pool.ts';
import { ALERT_GROUPS, mailAt, type AlertGroup, type AlertLine, type WaitingAlerts } from '../domain/promise/alerts.ts';
import { durationMs } from '../domain/calendar/durations.ts';
import { msBetween, type Instant } from '../domain/promise/instant.ts';
import { takeOver } from '../domain/promise/sending.ts';

/** How many alerts a mail lists; the others it counts. */
const LISTED = 50;
/** More than that wait for the next mail. */
const MOST = 100_000;
const PEOPLE = 1_000;

/** Everything a mail to one of the staff needs to be true at the moment it leaves. */
export interface DigestRequest {
  readonly digestId: string;
  readonly now: Instant;
  readonly recipient: Recipient;
  /** The most urgent ones, most urgent first, each with the key to its page. */
  readonly lines: readonly BriefedLine[];
  /** How many there are of each group, those not listed, too. */
  readonly counts: Readonly<Partial<Record<AlertGroup, number>>>;
}

/** `brief`: what its reader may know of the customer, where they are to call her; null of other alerts. */
export interface BriefedLine extends AlertLine {
  readonly token: string;
  readonly brief: Briefing | null;
}

export interface DigestClaimInput {
  /** Id of the person's row. */
  readonly personId: string;
  /** Who holds the claim. */
  readonly workerName: string;
  /** How long the claim holds; longer than a hand-over can take. */
  readonly claimMs: number;
  readonly newLink: () => { readonly token: string; readonly hash: Buffer };
  /** Null: the person has no address a mail can go to. */
  readonly compose: (request: DigestRequest) => FrozenMessage | null;
}

export interface ClaimedDigest {
  readonly kind: 'send';
  readonly digestId: string;
  readonly message: FrozenMessage;
  readonly mail: MailCount;
  /** As `Claim.attempts` of notices. */
  readonly attempts: number;
}

export type DigestClaim =
  | ClaimedDigest
  | Held
  | { readonly kind: 'nothing' }
  /** Not due yet, or held by somebody else: ask again then. */
  | { readonly kind: 'later'; readonly afterMs: number };

/**
 * Freezes one mail of all that waits for a person, if it is due, or takes over one whose claim ran out: the same words
 * under the same Message-ID. What has lost its reason meanwhile is left out. One mail at a time: the person is locked.
 */
export const claimDigest = (pool: Pool, input: DigestClaimInput): Promise<DigestClaim> =>
  unlessHeld(pool, () => inTransaction(pool, (tx) => claim(tx, input)));

async function claim(tx: Tx, input: DigestClaimInput): Promise<DigestClaim> {
  const { rows } = await tx.query<Recipient>(
    'select id, name, email, partner from people where row_id = $1 for no key update',
    [input.personId],
  );
  const person = rows[0];
  if (!person) {
    await giveUp(tx, input.personId);
    return { kind: 'nothing' };
  }
  const now = await databaseNow(tx);
  const open = await sendAgain(tx, input, now);
  if (open) return open;
  const [waiting] = await waitingPeople(tx, input.personId);
  if (!waiting) return { kind: 'nothing' };
  const dueAt = mailAt(waiting, await mailPauses(tx, now));
  return dueAt > now ? { kind: 'later', afterMs: msBetween(now, dueAt) } : freeze(tx, input, person, now);
}

interface Recipient {
  readonly id: string;
  readonly name: string;
  readonly email: string | null;
  /** The partner whose own people they belong to: they see nothing of ours beyond their alerts. */
  readonly partner: string | null;
}

async function freeze(tx: Tx, input: DigestClaimInput, person: Recipient, now: Instant): Promise<DigestClaim> {
  const waiting = await alertsWaiting(tx, person.id, now);
  const standing = waiting.filter(({ stands }) => stands);
  await noLongerWaiting(
    tx,
    waiting.filter(({ stands }) => !stands).map(({ id }) => id),
  );
  if (standing.length === 0) return { kind: 'nothing' };
  const ids = standing.map(({ id }) => id);
  const lines = await alertLines(tx, ids.slice(0, LISTED), now);
  const calls = lines.filter(({ reason }) => reason === 'callback');
  const briefsOf = person.partner === null ? dossiersOfPromises : calledOf;
  const briefs: ReadonlyMap<string, Briefing> = await briefsOf(
    tx,
    calls.map(({ promiseId }) => promiseId),
  );
  const linked = lines.map((line) => ({
    line: { ...line, brief: line.reason === 'callback' ? (briefs.get(line.promiseId) ?? null) : null },
    link: input.newLink(),
  }));
  const digestId = uuid();
  const message = input.compose({
    digestId,
    now,
    recipient: person,
    lines: linked.map(({ line, link }) => ({ ...line, token: link.token })),
    counts: countsOf(standing),
  });
  if (message === null) {
    await noLongerWaiting(tx, ids);
    return { kind: 'nothing' };
  }
  await tx.query(
    `insert into digests (id, person, message_id, content, alerts, claim_until, claimed_by)
     values ($1, $2, $3, $4, $5, clock_timestamp() + make_interval(secs => $6::float8 / 1000), $7)`,
    [digestId, input.personId, message.messageId, JSON.stringify(message), ids.length, input.claimMs, input.workerName],
  );
  await tx.query('update staff_alerts set digest_id = $1 where id = any ($2::uuid[])', [digestId, ids]);
  await tx.query(
    `insert into alert_links (token_hash, alert_id, digest_id)
     select hash, alert_id, $3 from unnest($1::bytea[], $2::uuid[]) as l (hash, alert_id)`,
    [linked.map(({ link }) => link.hash), linked.map(({ line }) => line.id), digestId],
  );
  return { kind: 'send', digestId, message, attempts: 1, mail: await countMail(tx) };
}

interface WaitingAlert {
  readonly id: string;
  readonly group: AlertGroup;
  readonly stands: boolean;
}

/** What waits for the person's mail, most urgent first; what is being changed just now waits for the next one. */
async function alertsWaiting(tx: Tx, person: string, now: Instant): Promise<readonly WaitingAlert[]> {
  const { rows } = await tx.query<WaitingAlert>({
    name: 'alerts_waiting',
    text: `with moment as (select $2::timestamptz as now)
           select a.id, ${ALERT_GROUP} as "group", ${alertStands('now')} and ${IS_THEIRS} as stands
           from staff_alerts a join promises p on p.id = a.promise_id cross join moment
           where a.person = $1 and a.waiting_since is not null
           order by array_position($3::text[], ${ALERT_GROUP}), p.promised_at, a.id limit $4
           for update of a skip locked`,
    values: [person, now, ALERT_GROUPS, MOST],
  });
  return rows;
}

function countsOf(alerts: readonly WaitingAlert[]): DigestRequest['counts'] {
  const counts: Partial<Record<AlertGroup, number>> = {};
  for (const { group } of alerts) counts[group] = (counts[group] ?? 0) + 1;
  return counts;
}

/** They lost their reason, or nobody can be written to: they stand where alerts are read, and in no mail. */
async function noLongerWaiting(q: Queryable, ids: readonly string[]): Promise<void> {
  if (ids.length > 0) await q.query('update staff_alerts set waiting_since = null where id = any ($1::uuid[])', [ids]);
}

/** A mail somebody claimed before: wait for the claim, then send the same again. */
async function sendAgain(tx: Tx, input: DigestClaimInput, now: Instant): Promise<DigestClaim | null> {
  const { rows } = await tx.query<{ id: string; claimUntil: Instant; content: FrozenMessage; attempts: number }>(
    `select id, claim_until as "claimUntil", content, attempts from digests where person = $1 and state = 'claimed' for update`,
    [input.personId],
  );
  const digest = rows[0];
  if (!digest) return null;
  const taken = takeOver({ claimUntil: digest.claimUntil, notValidAfter: null }, now);
  if (taken.kind === 'later') return taken;
  await tx.query(
    `update digests set claimed_by = $2, claimed_at = clock_timestamp(), attempts = attempts + 1,
       claim_until = clock_timestamp() + make_interval(secs => $3::float8 / 1000)
     where id = $1`,
    [digest.id, input.workerName, input.claimMs],
  );
  const attempts = digest.attempts + 1;
  return { kind: 'send', digestId: digest.id, message: digest.content, attempts, mail: await countMail(tx) };
}

/** Whoever it was for is gone, and nobody will hand it over again: what it says of customers is not kept. */
async function giveUp(tx: Tx, personId: string): Promise<void> {
  await tx.query(`update digests set state = 'failed', content = '{}' where person = $1 and state = 'claimed'`, [
    personId,
  ]);
}

/**
 * Whoever held a mail died over it, and nothing waits for its reader any more: nobody will hand it over again, so what it
 * says of customers is not kept.
 */
export async function emptyVoidDigests(q: Queryable): Promise<void> {
  await q.query({
    name: 'empty_void_digests',
    text: `update digests d set state = 'failed', content = '{}'
           where d.state = 'claimed' and d.claim_until < clock_timestamp() and not exists (
             select from staff_alerts a join people w on w.id = a.person
             where w.row_id = d.person and w.email is not null and ${WAITS})`,
  });
}

/** The channel took it. What came again while it was on its way waits on. */
export const recordDigest = (pool: Pool, held: Omit<HeldText, 'attempts'>): Promise<void> =>
  end(pool, { ...held, attempts: null }, 'sent');

/** The channel will never take it: its alerts stand where they are read, and wait for no mail any more. */
export const refuseDigest = (pool: Pool, held: HeldText): Promise<void> => end(pool, held, 'failed');

async function end(
  pool: Pool,
  { id, workerName, attempts }: Omit<HeldText, 'attempts'> & { readonly attempts: number | null },
  state: 'sent' | 'failed',
): Promise<void> {
  await inTransaction(pool, async (tx) => {
    const { rows } = await tx.query<{ claimedAt: Instant }>(
      `update digests set state = $3, content = '{}', accepted_at = case when $3 = 'sent' then clock_timestamp() end
       where id = $1 and claimed_by = $2 and attempts = coalesce($4, attempts) and state = 'claimed'
       returning claimed_at as "claimedAt"`,
      [id, workerName, state, attempts],
    );
    if (!rows[0]) return;
    await lockAlerts(tx, id);
    await tx.query(
      `update staff_alerts set sent_at = case when $3 then $2 else sent_at end,
           waiting_since = case when waiting_since > $2 then waiting_since end
         where digest_id = $1`,
      [id, rows[0].claimedAt, state === 'sent'],
    );
  });
}

/** In id order, as settle and the sweep lock them. */
async function lockAlerts(tx: Tx, digestId: string): Promise<void> {
  await tx.query('select 1 from staff_alerts where digest_id = $1 order by id limit $2 for update', [digestId, MOST]);
}

/** Nothing left the house: the text is thrown away and the next try writes a new one, true then. */
export async function releaseDigest(pool: Pool, { id, workerName, attempts }: HeldText): Promise<void> {
  await inTransaction(pool, async (tx) => {
    const { rowCount } = await tx.query(
      `select 1 from digests where id = $1 and claimed_by = $2 and attempts = $3 and state = 'claimed' for update`,
      [id, workerName, attempts],
    );
    if (rowCount === 0) return;
    await lockAlerts(tx, id);
    await tx.query('update staff_alerts set digest_id = null where digest_id = $1', [id]);
    await tx.query('delete from digests where id = $1', [id]);
  });
}

/** Somebody for whom alerts wait. */
export interface WaitingPerson extends WaitingAlerts {
  /** Id of the person's row. */
  readonly personId: string;
}

/** Who is to be written to, and when; soonest first. */
export async function mailsDue(
  q: Queryable,
): Promise<readonly { readonly personId: string; readonly dueAt: Instant; readonly delayMs: number }[]> {
  const waiting = await waitingPeople(q, null);
  if (waiting.length === 0) return [];
  const now = await databaseNow(q);
  const pauses = await mailPauses(q, now);
  return waiting
    .map(({ personId, ...alerts }) => ({ personId, dueAt: mailAt(alerts, pauses) }))
    .map((due) => ({ ...due, delayMs: msBetween(now, due.dueAt) }))
    .toSorted((a, b) => a.delayMs - b.delayMs);
}

/** The pauses of \`company.yaml\` between two mails to a person. */
async function mailPauses(q: Queryable, now: Instant): Promise<Parameters<typeof mailAt>[1]> {
  const { alerts } = await companyRules(q);
  const zone = await companyZone(q);
  return { windowMs: durationMs(alerts.window, now, zone), urgentMs: durationMs(alerts.urgent, now, zone) };
}

/** Of an alert `a`: it is to be mailed. */
const WAITS = 'a.waiting_since is not null and a.acknowledged_at is null and a.ended_at is null';

/** Those who can be written to and for whom alerts wait; `personId` null: all of them. */
export async function waitingPeople(q: Queryable, personId: string | null): Promise<readonly WaitingPerson[]> {
  const { rows } = await q.query<WaitingPerson>({
    name: 'waiting_people',
    text: `with waiting as (
             select w.row_id as person_id, min(a.waiting_since) as since,
               min(case when a.reason in ('callback', 'capacity') then a.waiting_since
                        when p.promised_at > t.now and p.last_call_at <> 'infinity'
                          then greatest(a.waiting_since, p.last_call_at) end) as urgent_from
             from staff_alerts a join people w on w.id = a.person and w.email is not null
               join promises p on p.id = a.promise_id cross join (select clock_timestamp() as now) t
             where ${WAITS}
               and ($1::uuid is null or w.row_id = $1)
             group by w.row_id order by min(a.waiting_since) limit $2
           )
           select w.person_id as "personId", w.since, w.urgent_from as "urgentFrom",
             (select max(d.claimed_at) from digests d where d.person = w.person_id and d.state = 'sent') as "lastAt"
           from waiting w limit $2`,
    values: [personId, PEOPLE],
  });
  return rows;
}
