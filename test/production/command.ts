/** Something that a command needs and this machine lacks. */
export class Lacking extends Error {}

/** The machine lacks something; 1 says that something went wrong. */
const LACKING = 3;

/** Runs `main` to its end: exit 0; 3 where the machine lacks something; 1 where anything else is not as it should be. */
export async function asCommand(main: () => Promise<void>): Promise<void> {
  try {
    await main();
  } catch (error) {
    process.exitCode = error instanceof Lacking ? LACKING : 1;
    process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  }
}
