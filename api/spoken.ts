import { randomUUID } from 'node:crypto';
import type { KnownCustomer } from '../db/customers.ts';
import type { PromiseRow } from '../db/shapes.ts';
import { dayOf, isDay } from '../domain/calendar/zones.ts';
import { instant, msBetween, msOf, type Instant, type Zone } from '../domain/promise/instant.ts';
import type { Offer, SpokenField, TypedPromise } from '../web/spoken-shapes.ts';
import { wordsFor } from '../words/languages.ts';
import type { ApiDeps } from './deps.ts';
import { faultsOf } from './faults.ts';
import { instantField } from './fields.ts';
import { identified } from './identify.ts';
import { isProblem, type Fault, type Problem } from './problem.ts';
import { registerPromise, type Registering } from './register-promise.ts';
import { promiseBody, type TimedBody } from './routes/promise-body.ts';
import { registerInSlot } from './slot-registration.ts';
import { spokenCustomer } from './spoken-customer.ts';
import { offeredTime, spokenWhen } from './spoken-when.ts';

/** The source of promises that were made by word of mouth. */
export const SPOKEN_SOURCE = 'spoken';

/** What the form sent. */
export interface SentPromise {
  readonly typed: TypedPromise;
  /** Of the form: sent twice, it makes one promise. */
  readonly token: string;
  /** Row id of the customer, where one was chosen among several. */
  readonly chosen: string;
  /** A time that was offered instead of the one in the fields. */
  readonly offer: string;
}

/** What the form is shown again with. */
export interface SpokenRefusal {
  readonly faults: { readonly [F in SpokenField]?: string };
  readonly customers: readonly KnownCustomer[];
  readonly offer: Offer | null;
}

/** The promise that was made; or why none was. */
export async function makeSpoken(sent: SentPromise, deps: ApiDeps): Promise<PromiseRow | SpokenRefusal> {
  const says = wordsFor('en').spoken;
  const zone = await deps.reference.companyZone();
  const when = promisedBy(sent, deps.now(), zone);
  const whom = await spokenCustomer(sent.typed.customer, sent.chosen, deps);
  const faults = {
    ...('fault' in whom ? { customer: whom.fault } : {}),
    ...(sent.typed.kind === '' ? { kind: says.fault.kindMissing } : {}),
    ...('fault' in when ? { when: says.fault[when.fault] } : {}),
  };
  const customers = 'customers' in whom ? whom.customers : [];
  if ('fault' in whom || 'fault' in when || Object.keys(faults).length > 0) return { faults, customers, offer: null };
  const { kind, owner, what } = sent.typed;
  const body = promiseBody.safeParse({
    source: SPOKEN_SOURCE,
    ref: sent.token,
    kind,
    promised: when.promised,
    customer: whom.customer,
    subject: what === '' ? (says.whatFor[kind] ?? says.whatFor.other) : what,
    ...(owner === '' ? {} : { owner }),
  });
  if (!body.success) return refusedFor(faultsOf(body.error.issues, null));
  const made =
    'slot' in when.promised
      ? await callOnce({ ...body.data, promised: when.promised }, deps)
      : await registerOnce({ ...body.data, promised: when.promised }, deps);
  if ('when' in made) return { faults: { when: made.when }, customers: [], offer: null };
  if (isProblem(made)) return refusedFor(made.errors ?? []);
  if (made.result !== 'refused') return made.promise;
  const { reason, couldBe } = made.refusal;
  const time =
    couldBe === null ? null : 'day' in body.data.promised ? dayEndedBy(couldBe, zone) : offeredTime(couldBe, reason);
  return { faults: { when: says.refused[reason] }, customers: [], offer: { reason, time } };
}

/** A deadline that ends a day, as that day. */
const dayEndedBy = (at: Instant, zone: Zone): string => dayOf(instant(msOf(at) - 1), zone);

type CallBody = Parameters<typeof registerInSlot>[0];

/** The same for the first call that is free. `when`: why there is none. */
async function callOnce(body: CallBody, deps: ApiDeps): Promise<Registering | Problem | { readonly when: string }> {
  const { fault } = wordsFor('en').spoken;
  const made = await registerInSlot(body, deps);
  if (!isProblem(made)) return made;
  if (made.problem === 'PROMISE_CLASH') return callOnce({ ...body, ref: randomUUID() }, deps);
  if (made.problem === 'SLOT_TAKEN') return { when: fault.noFreeCall };
  return made.errors?.some(({ pointer }) => pointer === '/promised/slot') ? { when: fault.noCalls } : made;
}

/** A form sent again makes the promise it made; one that was changed since, in the browser's history, another one. */
async function registerOnce(body: TimedBody, deps: ApiDeps): Promise<Registering | Problem> {
  const made = await registerPromise(body, deps);
  if (isProblem(made) || made.result === 'refused' || made.result === 'created') return made;
  // By now whoever the phone or address made is known by it.
  const known = await identified(body, deps);
  const isHers = !isProblem(known) && known.customer.ref === made.promise.customerRef;
  const isSame = isHers && (made.result === 'existing' || isMeanwhile(made.promise, body));
  return isSame ? made : registerPromise({ ...body, ref: randomUUID() }, deps);
}

/** Lengths count from when they are sent: a moment later they end at another time. */
const SAME_MS = 10 * 60_000;

/** The same words, but for a length that ended a moment later when it was sent again. */
function isMeanwhile(promise: PromiseRow, { kind, subject, owner, promised }: TimedBody): boolean {
  const isThen =
    'at' in promised &&
    promise.precision === 'instant' &&
    Math.abs(msBetween(promised.at, promise.firstPromisedAt)) <= SAME_MS;
  return (
    isThen &&
    promise.kind === kind &&
    promise.subject === (subject ?? null) &&
    (owner ?? promise.owner) === promise.owner
  );
}

function promisedBy({ typed, offer }: SentPromise, now: Instant, zone: Zone) {
  if (isDay(offer)) return { promised: { day: offer, zone } };
  const at = instantField.safeParse(offer);
  return at.success ? { promised: { at: at.data } } : spokenWhen(typed, now, zone);
}

/** Where each part of a request stands in the form. */
const FIELD_OF: Readonly<Record<string, SpokenField>> = {
  customer: 'customer',
  kind: 'kind',
  promised: 'when',
  subject: 'what',
  owner: 'owner',
};

function refusedFor(errors: readonly Fault[]): SpokenRefusal {
  const faults = errors.map(
    ({ pointer, message }) => [FIELD_OF[pointer.split('/')[1] ?? ''] ?? 'when', message] as const,
  );
  return { faults: Object.fromEntries(faults.toReversed()), customers: [], offer: null };
}
