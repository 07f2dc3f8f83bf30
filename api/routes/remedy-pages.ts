import { z } from '@hono/zod-openapi';
import type { OpenAPIHono } from '@hono/zod-openapi';
import { staffNames } from '../../db/people.ts';
import { newestPolicies } from '../../db/policies.ts';
import { databaseNow } from '../../db/pool.ts';
import { spentIn } from '../../db/remedy-budgets.ts';
import { decideRemedy } from '../../db/remedy-commands.ts';
import { listRemedies, pendingRemedies } from '../../db/remedies.ts';
import { dayOf } from '../../domain/calendar/zones.ts';
import { REMEDY_STATES } from '../../domain/promise/words.ts';
import { remediesPage } from '../../web/pages/remedies.tsx';
import type { PageBudget, RemediesPageData, RemediesToday } from '../../web/remedy-shapes.ts';
import type { ApiDeps } from '../deps.ts';
import { onlyOwnForms, readForm } from '../forms.ts';
import { onlyOwnNames, pageResponse } from '../page-response.ts';
import { rememberedPerson, rememberPerson } from '../remembered-person.ts';
import { unknownPerson } from './notes.ts';

/** So many are listed of what waits, and of what was decided. */
const LISTED = 100;

/** What waits for approval, with a button for each decision. Under `kept up` only. */
export function mountRemedyPages(app: OpenAPIHono, deps: ApiDeps): void {
  const ownNames = onlyOwnNames(deps);
  app.get('/remedies', ownNames, async (c) => page(rememberedPerson(c), null, deps));
  app.post('/remedies', ownNames, onlyOwnForms(deps), async (c) => {
    const form = await readForm(c);
    const by = form.value('by');
    if (by === '' || (await unknownPerson('/by', by, deps))) return page('', 'unknownPerson', deps);
    const decision = DECISION.safeParse(form.value('decision').split(':'));
    const [kind, id] = decision.data ?? [];
    const decided = kind && id ? await decideRemedy(deps.pool, id, { kind, by }) : null;
    if (!decided || !('remedy' in decided)) return page(by, 'closed', deps);
    rememberPerson(c, by);
    return c.redirect('/remedies', 303);
  });
}

/** `approve:<id of the remedy>` */
const DECISION = z.tuple([z.enum(['approve', 'refuse', 'reverse']), z.uuid()]);

/** What the first page shows. */
export async function remediesToday(deps: ApiDeps): Promise<RemediesToday> {
  const [pending, month] = await Promise.all([pendingRemedies(deps.pool), thisMonth(deps)]);
  return { pending, month, budgets: await budgetsOf(month, deps) };
}

/** By the company's zone; its first day. */
async function thisMonth({ pool, reference }: ApiDeps): Promise<string> {
  const [now, zone] = await Promise.all([databaseNow(pool), reference.companyZone()]);
  return `${dayOf(now, zone).slice(0, 7)}-01`;
}

const DECIDED = REMEDY_STATES.filter((state) => state !== 'pending');

async function page(by: string, fault: RemediesPageData['fault'], deps: ApiDeps): Promise<Response> {
  const { pool } = deps;
  const [pending, decided, people, month] = await Promise.all([
    listRemedies(pool, ['pending'], LISTED + 1),
    listRemedies(pool, DECIDED, LISTED + 1),
    staffNames(pool),
    thisMonth(deps),
  ]);
  const html = remediesPage({
    ...{ month, people, by, fault, budgets: await budgetsOf(month, deps) },
    ...{ pending: pending.slice(0, LISTED), morePending: pending.length > LISTED },
    ...{ decided: decided.slice(0, LISTED), moreDecided: decided.length > LISTED },
  });
  return pageResponse(html, fault === null ? 200 : fault === 'closed' ? 409 : 422);
}

/** Of each kind that has one, by its newest policy. */
async function budgetsOf(month: string, { pool }: ApiDeps): Promise<readonly PageBudget[]> {
  const [policies, spent] = await Promise.all([newestPolicies(pool), spentIn(pool, month)]);
  return policies.flatMap(({ policy: { kind, remedies } }) => {
    if (!remedies || remedies.month === null) return [];
    const { currency, month: most } = remedies;
    const own = spent.find((each) => each.kind === kind && each.currency === currency);
    return [{ kind, currency, spent: own?.spent ?? '0.00', all: most }];
  });
}
