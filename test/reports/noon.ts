import { instant, plusMs, type Instant } from '../../domain/promise/instant.ts';

export const HOUR = 3_600_000;
const DAY = 24 * HOUR;

/** All stories are told relative to it; nothing lies near the moment of the test. */
export const NOON = instant(Math.floor(Date.now() / DAY) * DAY - 20 * DAY + 12 * HOUR);

/** So many days after the noon at which all promises were made. */
export const at = (days: number): Instant => plusMs(NOON, Math.round(days * DAY));
