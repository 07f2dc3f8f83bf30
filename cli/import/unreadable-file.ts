/** A file that cannot be read as a history, or not to its end: the message says why and what to do. */
export class UnreadableFile extends Error {
  /** The last line that was read; 0 where nothing was. */
  readonly lastLine: number;

  constructor(file: string, why: string, lastLine = 0) {
    super(`${file} cannot be read${lastLine > 0 ? ` beyond line ${lastLine}` : ''}: ${why}`);
    this.name = 'UnreadableFile';
    this.lastLine = lastLine;
  }
}
