import fc from 'fast-check';
import { expect, it } from 'vitest';
import { noticeChanges, type UnfinishedNotice } from '../../../domain/promise/decisions.ts';
import type { Fact } from '../../../domain/promise/facts.ts';
import { isOwnerUntold } from '../../../domain/promise/hand-over.ts';
import { later, plusMs } from '../../../domain/promise/instant.ts';
import { judge } from '../../../domain/promise/judge.ts';
import { isOfOwner, tellable } from '../../../domain/promise/tellable.ts';
import { isLate } from '../../../domain/promise/plan.ts';
import { compose } from '../../../notices/compose.ts';
import { chainCases } from '../support/chain-arbitraries.ts';
import { brokenAgain, granted, handedOver, naming, sent } from '../support/build.ts';
import { FROM, MARI, member } from '../../notices/fixtures.ts';

const OFFER = { kind: 'voucher', amount: '5.00', currency: 'EUR' } as const;
const BREAKS = fc.constantFrom('none', 'chain', 'customer');

/** Whatever of facts, remedies, approvals, second breaks and hand-overs a chain of any kind meets, in an order of its own. */
const lives = chainCases.chain(({ chain, facts, now }) =>
  fc.record({
    chain: fc.constant(chain),
    order: fc.shuffledSubarray([...facts], { minLength: facts.length }),
    now: fc.constant(now),
    second: BREAKS,
    stepsMs: fc.array(fc.integer({ min: 0, max: 5 * 86_400_000 }), { minLength: 8, maxLength: 8 }),
    grantAt: fc.integer({ min: 0, max: 7 }),
    approvedAt: fc.integer({ min: 0, max: 7 }),
    secondAt: fc.integer({ min: 0, max: 7 }),
    handOverAt: fc.integer({ min: 0, max: 7 }),
  }),
);

it('apologises at most once in any chain under any order of facts, and says "may be late" to nobody after the deadline', () => {
  fc.assert(
    fc.property(lives, ({ chain, order, now: begin, second, stepsMs, ...at }) => {
      let facts: readonly Fact[] = [];
      let rows: readonly UnfinishedNotice[] = [];
      let now = begin;
      let apologies = 0;
      for (const [step, ms] of stepsMs.entries()) {
        now = plusMs(now, ms);
        const share = Math.ceil(order.length / stepsMs.length);
        const arrived = order.slice(step * share, (step + 1) * share);
        facts = [
          ...facts,
          ...arrived,
          ...(step === at.grantAt ? [granted(now, 'r-1', [OFFER])] : []),
          ...(step === at.approvedAt ? [granted(now, 'r-2', [OFFER], 'mall')] : []),
          ...(step === at.handOverAt ? [handedOver(now, 'jaan')] : []),
          ...(step === at.secondAt && second !== 'none' ? [brokenAgain(now, second)] : []),
        ];
        now = facts.reduce((latest, { occurredAt }) => later(latest, occurredAt), now);
        for (let round = 0; round < 3; round += 1) {
          const state = chain.state(facts);
          const terms = chain.terms(state);
          const { insert, drop } = noticeChanges(judge(terms, state, now), state, rows, now);
          const gone = new Set(drop.map(({ id }) => id));
          rows = [
            ...rows.filter(({ id }) => !gone.has(id)),
            ...insert.map((notice) => ({
              ...notice,
              id: `${notice.reason}:${notice.revision}:${notice.occasion}`,
              claimed: false,
            })),
          ];
          const [next] = rows;
          if (!next) break;
          rows = rows.slice(1);
          const says = tellable(terms, state, next.reason, now);
          const { plan } = state;
          const isOfNewOwner = next.reason === 'progress' && isOwnerUntold(state);
          const text = compose({
            recipient: MARI,
            members: [
              member({
                ...next,
                ...says,
                kind: chain.rules.policy(1).kind,
                newOwner: isOfNewOwner ? 'Jaan Tamm' : null,
                isOfOwner: isOfOwner(terms, state, next.reason, now),
                precision: plan.precision,
                zone: plan.zone,
                promisedAt: plan.promisedAt,
                day: plan.day,
                windowFrom: plan.windowFrom,
                newestTold: state.told,
              }),
            ],
            now,
            from: FROM,
          });
          if ('failed' in text) throw new Error('Mari has an address.');
          apologies += text.text.includes('We are sorry') ? 1 : 0;
          if (isLate(plan, now))
            expect(`${text.subject} ${text.text}`).not.toMatch(/may (be|take)|whether that time holds/i);
          if (next.reason === 'remedy') expect(text.text).not.toMatch(/sorry|apolog/i);
          const told = naming(sent(now, next.reason, says.told, next), state.owner ?? 'kati');
          const isOnlyOfOwner = isOfOwner(terms, state, next.reason, now);
          facts = [...facts, isOnlyOfOwner ? ({ ...told, about: 'owner' } as Fact) : told];
        }
      }
      expect(apologies).toBeLessThanOrEqual(1);
    }),
    { numRuns: 150, seed: 51 },
  );
}, 120_000);
