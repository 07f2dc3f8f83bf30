/** A fault that we state ourselves. Its message quotes nobody, so it may be logged. */
export class KeptError extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'KeptError';
  }
}

/**
 * What may be logged of an error, everywhere: its name, its code, where it was thrown, and its message if it is one of
 * ours. A driver, a parser or a server may quote in its message what a caller sent.
 */
export function faultFields(error: unknown): Readonly<Record<string, unknown>> {
  if (!(error instanceof Error)) return { error: typeof error };
  const code = codeOf(error) ?? codeOf(error.cause);
  const frames = (error.stack ?? '').split('\n').filter((line) => /^\s+at /.test(line));
  return {
    error: error.name,
    ...(code === null ? {} : { code }),
    ...(error instanceof KeptError ? { reason: error.message } : {}),
    at: frames.slice(0, 8).map((line) => line.trim()),
  };
}

/** `23505` of PostgreSQL, `ECONNREFUSED` of the system, `14` of gRPC; the type of a failure of our activities. */
function codeOf(error: unknown): string | number | null {
  if (!(error instanceof Error)) return null;
  const { code, type } = error as { readonly code?: unknown; readonly type?: unknown };
  if (typeof code === 'string' || typeof code === 'number') return code;
  return typeof type === 'string' && /^[A-Z][A-Z_]*$/.test(type) ? type : null;
}
