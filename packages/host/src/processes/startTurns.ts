/**
 * Turns to start a process, one after the other. A start keeps this program from everything else for some hundredths of a
 * second (a namespace is waited for, and each spawn copies our page tables), so a crowd of them, started in one go, would keep
 * it from its terminal, its socket and its timers for seconds. Between two turns the event loop goes round once: what has come
 * in meanwhile is heard first. Whoever comes alone has the turn at once.
 */
export function createTurns(): () => Promise<void> {
  let next = Promise.resolve();
  return () => {
    const turn = next;
    next = turn.then(loopGoesRound);
    return turn;
  };
}

function loopGoesRound(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}
