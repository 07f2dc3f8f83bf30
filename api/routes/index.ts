import type { Endpoint } from '../endpoint.ts';
import { alertRoutes } from './alerts.ts';
import { calendarRoutes } from './calendars.ts';
import { callbackRoutes } from './callbacks.ts';
import { customerRoutes } from './customers.ts';
import { factRoutes } from './facts.ts';
import { handOverRoutes } from './hand-over.ts';
import { healthRoutes } from './health.ts';
import { historyRoutes } from './history.ts';
import { noteRoutes } from './notes.ts';
import { partnerRoutes } from './partners.ts';
import { peopleRoutes } from './people.ts';
import { planRoutes } from './plan.ts';
import { policyRoutes } from './policies.ts';
import { promiseRoutes } from './promises.ts';
import { remedyRoutes } from './remedies.ts';
import { reportRoutes } from './reports.ts';
import { slotRoutes } from './slots.ts';

/** Every route of the API, by hand: what is not here does not exist. Pages are mounted by `pages.ts` and `dev.ts`. */
export const ROUTES: readonly Endpoint[] = [
  ...promiseRoutes,
  ...planRoutes,
  ...factRoutes,
  ...historyRoutes,
  ...handOverRoutes,
  ...peopleRoutes,
  ...noteRoutes,
  ...customerRoutes,
  ...alertRoutes,
  ...slotRoutes,
  ...callbackRoutes,
  ...remedyRoutes,
  ...calendarRoutes,
  ...partnerRoutes,
  ...policyRoutes,
  ...reportRoutes,
  ...healthRoutes,
];
