import type { Instant } from '../../domain/promise/instant.ts';
import type { EngineState } from '../../web/shapes.ts';

const ROOM = { neededMs: 67, haveMs: 21_610_000 };
const HERD = {
  ...{ from: '2026-11-26T10:12:00.000Z' as Instant, until: '2026-11-26T10:34:13.000Z' as Instant, count: 20_000 },
  ...{ promiseId: '01930000-0000-7000-8000-000000000001', neededMs: 1_333_000, haveMs: 240_000 },
};

/** Nothing waits, and nothing will. */
export const AT_EASE: EngineState = {
  ...{ up: true, hold: null, due: 0, lagMs: 0, backlog: 0, capacity: { ...ROOM, shortages: [] } },
};

/** Everything at once that can be said of it. */
export const IN_NEED: EngineState = {
  ...{ up: false, hold: 'restored', due: 3, lagMs: 61_000, backlog: 12, capacity: { ...ROOM, shortages: [HERD] } },
};
