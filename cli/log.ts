import { destination, pino, type Logger } from 'pino';
import type { LogLevel } from './config.ts';

/** Lines of JSON on stderr. What could name a person or open a door is taken out whatever a caller passes. */
export function createLog(name: string, level: LogLevel): Logger {
  return pino(
    {
      name,
      level,
      redact: { paths: ['*.email', '*.phone', '*.password', '*.authorization', 'key', '*.key'], remove: true },
    },
    destination({ dest: 2, sync: true }),
  );
}
