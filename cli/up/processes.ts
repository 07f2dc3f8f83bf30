import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';

/** One process, told apart from a later one that got the same pid: `birth` never repeats for a pid. */
export interface ProcessMark {
  readonly pid: number;
  /** When the process began, in whatever form the system tells it. Compared, never read. */
  readonly birth: string;
}

/** The mark of a living process; null where none lives under this pid (a zombie is not alive). */
export function markOf(pid: number): ProcessMark | null {
  const birth = process.platform === 'linux' ? linuxBirth(pid) : psField(pid, 'lstart=');
  return birth === null ? null : { pid, birth };
}

export const isAlive = ({ pid, birth }: ProcessMark): boolean => markOf(pid)?.birth === birth;

/** True where the system knows a process of this pid, zombies and those of other users included. */
export function isTaken(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code !== 'ESRCH';
  }
}

/** A living process and its arguments, with blanks between them; empty where none lives or they may not be read. */
export function commandOf(pid: number): string {
  if (process.platform !== 'linux') return psField(pid, 'command=') ?? '';
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ');
  } catch {
    return '';
  }
}

/** Waits until the process is gone; false where it still lives after `timeoutMs`. */
export async function waitForExit(mark: ProcessMark, timeoutMs: number): Promise<boolean> {
  const giveUpAt = Date.now() + timeoutMs;
  while (isAlive(mark)) {
    if (Date.now() > giveUpAt) return false;
    await new Promise((resolve) => setTimeout(resolve, 25));
  }
  return true;
}

/**
 * Ends a process that is not our child: each signal in turn, waiting between them. The mark is checked before every
 * signal, so that a stranger with a recycled pid is never hit.
 * @throws where it still lives after the last signal
 */
export async function endProcess(
  mark: ProcessMark,
  signals: readonly { readonly signal: NodeJS.Signals; readonly waitMs: number }[],
): Promise<void> {
  for (const { signal, waitMs } of signals) {
    if (!isAlive(mark)) return;
    try {
      process.kill(mark.pid, signal);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
    }
    if (await waitForExit(mark, waitMs)) return;
  }
  throw new Error(`Process ${mark.pid} does not end. Stop it yourself (kill -9 ${mark.pid}) and start again.`);
}

/** Start time in clock ticks since boot, with the boot's own id: pids and ticks begin again after a reboot. */
function linuxBirth(pid: number): string | null {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    // The second field is the name in brackets and may itself hold brackets and blanks.
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    if (fields[0] === 'Z' || fields[0] === 'X') return null;
    return `${readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim()}/${fields[19]}`;
  } catch {
    return null;
  }
}

function psField(pid: number, field: string): string | null {
  const { status, stdout } = spawnSync('ps', ['-o', 'state=', '-o', field, '-p', String(pid)], { encoding: 'utf8' });
  const line = status === 0 ? stdout.trim() : '';
  const [state, ...rest] = line.split(/\s+/);
  return state && !state.startsWith('Z') ? rest.join(' ') : null;
}
