/** The bundle's entry: every workflow type under the name it is started by. */
export { digest } from './digest.ts';
export { promise } from './promise.ts';
export { witness } from './witness.ts';
