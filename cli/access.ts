import { accessSync, constants, statSync } from 'node:fs';

/** A file, no folder, that this user may run. */
export const isExecutable = (file: string): boolean =>
  isAccessible(file, constants.X_OK) && statSync(file, { throwIfNoEntry: false })?.isFile() === true;

/** This user may read it. */
export const isReadable = (file: string): boolean => isAccessible(file, constants.R_OK);

function isAccessible(file: string, mode: number): boolean {
  try {
    accessSync(file, mode);
    return true;
  } catch {
    return false;
  }
}
