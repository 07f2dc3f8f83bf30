/**
 * Waits for all, also when one fails, so that nothing goes on behind our back. The first fault aborts `giveUp`, so that
 * the others need not finish what nobody waits for.
 * @throws that first fault
 */
export async function allOrFirstFault<T extends readonly unknown[]>(
  works: { readonly [K in keyof T]: Promise<T[K]> },
  giveUp: AbortController,
): Promise<T> {
  const settled = await Promise.allSettled(
    works.map((work) =>
      work.catch((error: unknown) => {
        giveUp.abort(error);
        throw error;
      }),
    ),
  );
  const results: unknown[] = [];
  for (const each of settled) {
    if (each.status === 'rejected') throw giveUp.signal.reason;
    results.push(each.value);
  }
  return results as unknown as T;
}
