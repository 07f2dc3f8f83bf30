import { resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { childEnvironment, ConfigError, readConfig } from '../../cli/config.ts';

describe('the environment', () => {
  it('may be silent', () => {
    expect(readConfig({ HOME: '/home/kati' })).toMatchObject({
      databaseUrl: null,
      temporal: null,
      smtpUrl: null,
      baseUrl: null,
      port: 7400,
      state: resolve('.kept'),
      policies: null,
      logLevel: 'info',
    });
  });

  it('is read', () => {
    const config = readConfig({
      DATABASE_URL: 'postgres://kept@db.example/kept',
      TEMPORAL_ADDRESS: 'temporal.example:7233',
      TEMPORAL_NAMESPACE: 'shop',
      TEMPORAL_API_KEY: 'secret',
      TEMPORAL_GRPC_META_X_GATEWAY: 'letmein',
      SMTP_URL: 'smtps://mail.example',
      KEPT_BASE_URL: 'https://kept.example/',
      KEPT_PORT: '8080',
      KEPT_STATE: '/var/kept',
      KEPT_CACHE: '/var/cache/kept',
      LOG_LEVEL: 'warn',
    });
    expect(config).toMatchObject({
      databaseUrl: 'postgres://kept@db.example/kept',
      temporal: {
        address: 'temporal.example:7233',
        namespace: 'shop',
        apiKey: 'secret',
        metadata: { 'x-gateway': 'letmein' },
      },
      smtpUrl: 'smtps://mail.example',
      baseUrl: 'https://kept.example',
      port: 8080,
      state: '/var/kept',
      cache: '/var/cache/kept',
      logLevel: 'warn',
    });
  });

  it('names all its faults together and repeats no value', () => {
    const faulty = {
      DATABASE_URL: 'mysql://kept:geheim@db',
      TEMPORAL_ADDRESS: 'http://geheim',
      SMTP_URL: 'geheim',
      KEPT_BASE_URL: 'https://kept.example/?geheim',
      KEPT_PORT: '70000',
      LOG_LEVEL: 'loud',
    };
    const read = (): unknown => readConfig(faulty);
    expect(read).toThrow(ConfigError);
    try {
      read();
    } catch (error) {
      for (const name of Object.keys(faulty)) expect(String(error)).toContain(name);
      expect(String(error)).not.toContain('geheim');
    }
  });

  it('names a variable whose file or folder is none, and a switch that is neither on nor off', () => {
    const env = {
      KEPT_STATE: '/etc/passwd',
      KEPT_CACHE: '/etc/passwd',
      TEMPORAL_ADDRESS: 'a:7233',
      TEMPORAL_TLS: 'maybe',
      TEMPORAL_TLS_CLIENT_KEY_PATH: '/nope',
      TEMPORAL_CONFIG_FILE: '/nope',
    };
    for (const name of Object.keys(env).filter((each) => each !== 'TEMPORAL_ADDRESS'))
      expect(() => readConfig(env)).toThrow(new RegExp(`^  ${name} is `, 'm'));
    expect(() => readConfig({ KEPT_STATE: 'x'.repeat(300) })).toThrow('KEPT_STATE is a folder, and may not be');
    expect(() => readConfig({ TEMPORAL_ADDRESS: 'a:99999' })).toThrow(/TEMPORAL_ADDRESS is host:port/);
  });

  it('keeps our own variables from children, who are told by their parent', () => {
    const env = { PATH: '/bin', DATABASE_URL: 'x', SMTP_URL: 'x', TEMPORAL_ADDRESS: 'x', KEPT_STATE: 'x', LANG: 'et' };
    expect(childEnvironment(env)).toEqual({ PATH: '/bin', LANG: 'et' });
  });
});
