/** `Promise.all` over many items with at most `atATime` of them under way; the first failure is thrown, and nothing new is begun after it. */
export async function mapConcurrently<T, R>(
  items: readonly T[],
  atATime: number,
  work: (item: T) => Promise<R>,
): Promise<R[]> {
  const results: R[] = [];
  let next = 0;
  const lane = async (): Promise<void> => {
    for (let index = next++; index < items.length; index = next++) results[index] = await work(items[index] as T);
  };
  const stop = (error: unknown): never => {
    next = items.length;
    throw error;
  };
  await Promise.all(Array.from({ length: Math.min(atATime, items.length) }, () => lane().catch(stop)));
  return results;
}
