import type { Context } from 'hono';
import { getCookie, setCookie } from 'hono/cookie';

const NAME = 'kept-person';
const MONTH_S = 30 * 24 * 3600;

/** Whom of the staff this browser named last, as a proposal: until there is sign-in, nobody proves who they are. */
export const rememberedPerson = (c: Context): string => getCookie(c, NAME) ?? '';

/** Proposes somebody in the forms that follow; call it before the answer is made by `c`. */
export function rememberPerson(c: Context, id: string): void {
  setCookie(c, NAME, id, { path: '/', httpOnly: true, sameSite: 'Strict', maxAge: MONTH_S });
}
