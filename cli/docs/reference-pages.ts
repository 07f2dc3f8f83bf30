import { openApiText } from '../../api/openapi.ts';
import { partnerSchema, policySchema } from '../../domain/policy/schema.ts';
import { createProgram } from '../program.ts';
import { commandsPage } from './commands-page.ts';
import { environmentPage } from './environment-page.ts';
import { eventsPage } from './events-page.ts';
import { metricsPage } from './metrics-page.ts';
import { policyPage } from './policy-page.ts';

/** Every file that the code makes, by its path in the repository. To add one: a line here. */
export async function referencePages(): Promise<Readonly<Record<string, string>>> {
  return {
    'api/openapi.json': openApiText(),
    'docs/reference/commands.md': commandsPage(await createProgram()),
    'docs/reference/environment.md': environmentPage(),
    'docs/reference/events.md': eventsPage(),
    'docs/reference/metrics.md': metricsPage(),
    'docs/reference/policy.md': policyPage(),
    'docs/reference/partner.schema.json': `${JSON.stringify(partnerSchema(), null, 2)}\n`,
    'docs/reference/policy.schema.json': `${JSON.stringify(policySchema(), null, 2)}\n`,
  };
}
