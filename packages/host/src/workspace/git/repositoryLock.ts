import { join } from "node:path";

/**
 * One process at a time changes the worktrees of a repository, whichever program it belongs to. The lock is the kernel's, on a
 * file that SQLite opens: it is gone with its process, and two who wait are both served. Waits asynchronously.
 *
 * @throws Error where the shared folder cannot be written, or nobody lets go for ten minutes
 */
export async function withRepositoryLock<Answer>(commonDir: string, work: () => Promise<Answer>): Promise<Answer> {
  const { DatabaseSync } = process.getBuiltinModule("node:sqlite");
  const database = new DatabaseSync(join(commonDir, "claude-orchestrator.lock"));
  try {
    await take(database, Date.now() + mostWaitMs);
    return await work();
  } finally {
    database.close();
  }
}

const mostWaitMs = 10 * 60_000;
const busy = 5;

async function take(database: { exec(text: string): void }, until: number): Promise<void> {
  for (;;) {
    try {
      // Nothing is written, so no other file comes to be.
      database.exec("PRAGMA busy_timeout = 0; PRAGMA journal_mode = MEMORY; BEGIN EXCLUSIVE");
      return;
    } catch (error) {
      const code = error instanceof Error && "errcode" in error ? Number(error.errcode) & 0xff : 0;
      if (code !== busy || Date.now() > until) throw error;
      await new Promise((resolve) => setTimeout(resolve, 5 + Math.random() * 20));
    }
  }
}
