/**
 * Sleeps for as long as its start is delayed, and remembers in its history how many mails have left: each is told by a signal,
 * which wakes nobody. When the delay is over, nobody asks any more.
 */
export async function witness(): Promise<void> {}
