import { createPool } from '../../db/pool.ts';
import { instant } from '../../domain/promise/instant.ts';
import { inParallel } from '../../temporal/in-parallel.ts';
import { startKept } from '../support/kept.ts';
import { figure, type Bench } from './figures.ts';

const SLIPS = 5_000;
const IN_FLIGHT = 16;
const MINUTE_MS = 60_000;
const DAY_MS = 24 * 60 * MINUTE_MS;

const POLICIES = {
  'delivery.yaml': 'kind: delivery\nbuffer: { fixed: P1D }\n',
  'company.yaml': 'zone: Europe/Tallinn\nalerts: { window: PT2M, urgent: PT1M }\n',
  'people.yaml': `people:
  - { id: kati, name: Kati Kask, email: kati@books.example, lead: jaan }
  - { id: jaan, name: Jaan Tamm, email: jaan@books.example }
hotline: { name: Customer care, email: care@books.example }
`,
};

interface Mail {
  readonly to: string | readonly string[];
  readonly subject: string;
  readonly text: string;
}

/** A bad quarter of an hour of a carrier: thousands of estimates slip into the buffer within a minute, of one owner. */
export async function benchSlips(): Promise<Bench> {
  const kept = await startKept({ policies: POLICIES });
  const pool = createPool({ url: kept.run.database, max: 2, name: 'kept bench' });
  const { api, key, mail } = kept.run;
  const post = async (path: string, body: object): Promise<{ id: string }> => {
    const headers = { authorization: `Bearer ${key}`, 'content-type': 'application/json' };
    const answer = await fetch(api + path, { method: 'POST', headers, body: JSON.stringify(body) });
    if (!answer.ok) throw new Error(`${path}: ${answer.status} ${await answer.text()}`);
    return (await answer.json()) as { id: string };
  };
  const all = Array.from({ length: SLIPS }, (_, n) => n);
  const dueAt = (n: number) => instant(startMs + 5 * DAY_MS + n * MINUTE_MS);
  const startMs = Date.now();
  try {
    const ids: string[] = [];
    const registering = performance.now();
    await inParallel(all, IN_FLIGHT, async (n) => {
      const customer = { ref: `C-${n}`, email: `c${n}@customers.example` };
      const promised = { at: dueAt(n) };
      const made = await post('/v1/promises', {
        ...{
          source: 'shop',
          ref: `A-${n}`,
          subject: `Order A-${n}`,
          kind: 'delivery',
          promised,
          customer,
          owner: 'kati',
        },
      });
      ids[n] = made.id;
    });
    const registered = seconds(registering);
    const slipping = performance.now();
    await inParallel(all, IN_FLIGHT, async (n) => {
      const occurredAt = instant(Date.now());
      const at = instant(Date.parse(dueAt(n)) - 60 * MINUTE_MS);
      await post(`/v1/promises/${ids[n]}/facts`, { kind: 'estimated', factKey: 'late', occurredAt, at });
    });
    const slipped = seconds(slipping);
    const waiting = async (): Promise<number> => {
      const { rows } = await pool.query<{ n: number }>(
        'select count(*)::int as n from staff_alerts where waiting_since is not null',
      );
      return rows[0]?.n ?? Number.NaN;
    };
    while ((await waiting()) > 0) await new Promise((resolve) => setTimeout(resolve, 1_000));
    const mails = (await (await fetch(`${mail}.json`)).json()) as readonly Mail[];
    const [first] = mails;
    const listed = first?.text.match(/^Order A-(\d+), /gm) ?? [];
    const inOrder = listed.filter((line, place) => line === `Order A-${place}, `);
    return {
      settings: `kept up, POST ${SLIPS} promises and as many estimates inside the buffer, ${IN_FLIGHT} in flight, all of one owner; alerts.window PT2M`,
      figures: [
        figure('registered', registered, 's'),
        figure('slips posted', slipped, 's', { atMost: 60 }),
        figure('first slip to the mail', seconds(slipping), 's'),
        figure('mails that left', mails.length, '', { exactly: 1 }),
        figure('alerts it counts', Number(/^([\d,]+) alert/.exec(first?.subject ?? '')?.[1]?.replaceAll(',', '')), '', {
          exactly: SLIPS,
        }),
        figure('alerts it lists', listed.length, '', { exactly: 50 }),
        figure('of these, the most urgent ones in their order', inOrder.length, '', { exactly: 50 }),
        figure('links to all of them', first?.text.match(/\/people\/kati$/gm)?.length ?? 0, '', { exactly: 1 }),
      ],
    };
  } finally {
    await pool.end();
    await kept.remove();
  }
}

const seconds = (since: number): number => (performance.now() - since) / 1000;
