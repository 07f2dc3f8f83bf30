import { describe, expect, it, vi } from 'vitest';
import { handOver, record, TOO_LATE, type Held } from '../../activities/handing-over.ts';
import type { HandOver, Message } from '../../notices/notice.ts';

const message: Message = {
  ...{ messageId: '<one@kept.test>', to: 'mari@example.com', replyTo: null, subject: '', text: '', html: '' },
  headers: {},
};
const nothing = (): Promise<void> => Promise.resolve();
const held = (sent: () => Promise<string>): Held<string> => ({
  ...{ ids: { dispatchId: 'd' }, attempts: 1, sent, refused: sent },
  ...{ throwAway: nothing, handBack: nothing, keep: nothing },
});
const fault = (code: string): Error => Object.assign(new Error('no'), { code });
const ACCEPTED: HandOver = { outcome: 'accepted' };

describe('a hand-over', () => {
  it.each([
    ['what is true for good', null, 5_000, [14_000, 15_000]],
    ['what is soon untrue', 8_000, 5_000, [2_000, 3_000]],
  ])('of %s is cut off before anybody else may take the text over', async (_, trueForMs, spentMs, [from, to]) => {
    const send = vi.fn((_message: Message, _withinMs: number) => Promise.resolve(ACCEPTED));
    await handOver({ channel: { send }, message, trueForMs }, performance.now() - spentMs);
    const withinMs = send.mock.calls[0]?.[1] ?? NaN;
    expect(withinMs).toBeGreaterThan(from ?? NaN);
    expect(withinMs).toBeLessThanOrEqual(to ?? NaN);
  });

  it('does not begin where no time is left', async () => {
    const send = vi.fn(() => Promise.resolve(ACCEPTED));
    expect(await handOver({ channel: { send }, message, trueForMs: null }, performance.now() - 20_000)).toBe(TOO_LATE);
    expect(send).not.toHaveBeenCalled();
  });
});

describe('a mail that was accepted', () => {
  it.each(['40P01', '25006', 'ECONNREFUSED'])('is recorded at the next try after %s', async (code) => {
    const sent = vi.fn<() => Promise<string>>().mockRejectedValueOnce(fault(code)).mockResolvedValue('step');
    const error = vi.fn();
    expect(await record(held(sent), ACCEPTED, { error }, performance.now())).toBe('step');
    expect(sent).toHaveBeenCalledTimes(2);
    expect(error).not.toHaveBeenCalled();
  });

  it('is said not to be recorded once the time is up, by ids only, and comes back after its claim', async () => {
    const sent = vi.fn<() => Promise<string>>().mockRejectedValue(fault('40P01'));
    const error = vi.fn();
    const spentMs = 22_800;
    const away = { ...held(sent), keep: () => Promise.reject(fault('ECONNREFUSED')) };
    const failed = record(away, ACCEPTED, { error }, performance.now() - spentMs);
    await expect(failed).rejects.toMatchObject({ type: 'NOT_RECORDED' });
    const { nextRetryDelay } = (await failed.catch((each: unknown) => each)) as { readonly nextRetryDelay: number };
    expect(nextRetryDelay).toBeGreaterThan(5_000);
    expect(nextRetryDelay).toBeLessThanOrEqual(30_500 - spentMs);
    expect(error.mock.calls).toEqual([
      [expect.objectContaining({ dispatchId: 'd', code: '40P01' }), expect.any(String)],
    ]);
  });

  it('leaves again ever less often where the database is there, but refuses the record', async () => {
    const sent = vi.fn<() => Promise<string>>().mockRejectedValue(fault('22003'));
    const keep = vi.fn((_forMs: number) => Promise.resolve());
    const third = { ...held(sent), attempts: 3, keep };
    const failed = record(third, ACCEPTED, { error: () => {} }, performance.now() - 22_800);
    await expect(failed).rejects.toMatchObject({ type: 'NOT_RECORDED', nextRetryDelay: 120_000 });
    expect(keep.mock.calls).toEqual([[120_000]]);
  });
});
