import { setTimeout as sleep } from 'node:timers/promises';
import type { Command } from 'commander';
import {
  holdMails,
  holdOf,
  mailsOnTheirWay,
  noticesWaiting,
  releaseMails,
  type Hold,
  type WaitingNotice,
} from '../../db/hold.ts';
import type { Pool } from '../../db/pool.ts';
import { databaseOf } from '../run-file.ts';
import { configFor, stateOption } from '../state-option.ts';
import { withDatabase } from '../with-database.ts';

interface HoldOptions {
  readonly yes?: true;
  readonly json?: true;
  readonly state?: string;
}

/** What `--json` prints. */
interface HoldView extends Pick<Hold, 'since' | 'reason'> {
  readonly hold: boolean;
  readonly waiting: number;
  readonly items: readonly WaitingNotice[];
}

const LISTED = 1_000;
const AGAIN_MS = 250;

const ACTIONS = {
  on: 'Holds all mails back, to customers and to staff, until they are let go; also before a worker is started. Ends when nothing leaves any more.',
  off: 'Lists what would leave; with --yes lets it go.',
  status: 'Whether mails are held back, since when and why, and what would leave.',
} as const;

type Action = keyof typeof ACTIONS;

/** Adds `kept hold`. */
export function holdCommand(program: Command): void {
  const hold = program
    .command('hold')
    .description('Holds all mails back, as Kept does by itself after an older database was put back.');
  for (const action of ['on', 'off', 'status'] as const) {
    const command = hold.command(action).description(ACTIONS[action]);
    if (action === 'off') command.option('--yes', 'let them go');
    command
      .option('--json', 'as JSON, with the most urgent thousand of what would leave')
      .addOption(stateOption())
      .action((options: HoldOptions) => run(action, options));
  }
}

async function run(action: Action, { yes, json, state }: HoldOptions): Promise<void> {
  const url = databaseOf(configFor(state));
  const view = await withDatabase({ url, name: 'kept hold' }, async (pool) => {
    if (action === 'on') await holdNow(pool);
    if (action === 'off' && yes) await releaseMails(pool);
    return viewOf(pool);
  });
  process.stdout.write(json ? `${JSON.stringify(view)}\n` : textOf(view));
  if (action === 'off' && !yes && view.hold)
    process.stderr.write('Nothing was let go yet. With --yes, mails leave again within a minute.\n');
}

/** Ends when nothing can leave any more: what was being handed over as the hold began cannot be called back. */
async function holdNow(pool: Pool): Promise<void> {
  await holdMails(pool);
  const left = await mailsOnTheirWay(pool);
  if (left === 0) return;
  process.stderr.write(`${left} on their way to the mail server already: waiting for them, 30 s at most …\n`);
  do await sleep(AGAIN_MS);
  while ((await mailsOnTheirWay(pool)) > 0);
}

async function viewOf(pool: Pool): Promise<HoldView> {
  const { since, reason } = await holdOf(pool);
  return { hold: reason !== null, since, reason, ...(await noticesWaiting(pool, LISTED)) };
}

const REASONS = {
  operator: 'somebody asked for it',
  restored: 'more mails have left than this database knows of: it is an older one, put back',
} as const satisfies Record<NonNullable<Hold['reason']>, string>;

/** Ids only: a terminal keeps what it shows. */
function textOf({ since, reason, waiting, items }: HoldView): string {
  const head = reason === null ? 'Mails leave as they are due.' : `Mails are held since ${since}: ${REASONS[reason]}.`;
  const lines = items.map(({ promiseId, reason: why, dueAt }) => `  ${dueAt}  ${why.padEnd(8)}  ${promiseId}\n`);
  const left = waiting > items.length ? `  and ${waiting - items.length} more\n` : '';
  const due = reason === null ? 'due now' : 'due, which would leave now';
  const count = `${waiting === 1 ? 'One notice is' : `${waiting === 0 ? 'No' : waiting} notices are`} ${due}`;
  return `${head}\n${count}${waiting === 0 ? '.' : ', most urgent first:'}\n${lines.join('')}${left}`;
}
