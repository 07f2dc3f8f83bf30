import { SingleBar } from 'cli-progress';
import type { ReadProgress } from './file-bytes.ts';

/** How far an import has come: a bar in a terminal, elsewhere a line every ten seconds. */
export interface ProgressShown {
  readonly read: (progress: ReadProgress) => void;
  readonly rows: (rows: number) => void;
  readonly stop: () => void;
}

const EVERY_MS = 10_000;

/** Time left by the share of the file that was read; rows by what is done. */
export function showProgress(stream: NodeJS.WriteStream): ProgressShown {
  const startedMs = performance.now();
  let [rows, bytes, ofBytes] = [0, 0, 1];
  const words = (): string => {
    const seconds = Math.max(0.001, (performance.now() - startedMs) / 1000);
    const share = Math.min(1, bytes / Math.max(1, ofBytes));
    const left = share > 0 && share < 1 ? `, ${durationText((seconds / share) * (1 - share))} left` : '';
    return `${rows.toLocaleString('en')} rows, ${Math.round(rows / seconds).toLocaleString('en')} rows/s${left}`;
  };
  const shown = stream.isTTY ? bar(stream, words) : line(stream, words);
  return {
    read: (progress) => {
      ({ bytes, ofBytes } = progress);
      shown.update(bytes, ofBytes);
    },
    rows: (done) => {
      rows = done;
      shown.update(bytes, ofBytes);
    },
    stop: shown.stop,
  };
}

interface Shown {
  readonly update: (bytes: number, ofBytes: number) => void;
  readonly stop: () => void;
}

function bar(stream: NodeJS.WriteStream, words: () => string): Shown {
  const format = '{bar} {percentage} %  {words}';
  // Its own handling of Ctrl-C would end the bar and let the import go on.
  const drawn = new SingleBar({ format, stream, gracefulExit: false });
  drawn.start(1, 0, { words: '' });
  return {
    update: (bytes, ofBytes) => {
      drawn.setTotal(ofBytes);
      drawn.update(bytes, { words: words() });
    },
    stop: () => drawn.stop(),
  };
}

function line(stream: NodeJS.WriteStream, words: () => string): Shown {
  let lastMs = performance.now();
  return {
    update: (bytes, ofBytes) => {
      if (performance.now() - lastMs < EVERY_MS) return;
      lastMs = performance.now();
      stream.write(`${Math.floor((100 * bytes) / Math.max(1, ofBytes))} %: ${words()}\n`);
    },
    stop: () => {},
  };
}

/** @example durationText(75) //=> '1:15' */
export function durationText(seconds: number): string {
  const whole = Math.ceil(seconds);
  const [hours, minutes] = [Math.floor(whole / 3600), Math.floor(whole / 60) % 60];
  const two = (n: number): string => String(n).padStart(2, '0');
  return hours > 0 ? `${hours}:${two(minutes)}:${two(whole % 60)}` : `${minutes}:${two(whole % 60)}`;
}
