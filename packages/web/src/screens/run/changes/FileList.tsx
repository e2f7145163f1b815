import { Link } from "wouter";
import { useAddress } from "../../../data/useAddress.ts";
import styles from "./Changes.module.css";
import { Counts } from "./Counts.tsx";
import type { DiffFile } from "./parseDiff.ts";

export interface FileListProps {
  readonly files: readonly DiffFile[];
  readonly viewed: readonly string[];
  readonly current: string | undefined;
}

/** The changed files, folder by folder. */
export function FileList({ files, viewed, current }: FileListProps) {
  const { href } = useAddress();
  const folders = Map.groupBy(files, ({ path }) => path.slice(0, path.lastIndexOf("/") + 1));
  return (
    <nav className={styles.files} aria-label={`${files.length} changed files, ${viewed.length} viewed`}>
      {[...folders].map(([folder, inside]) => (
        <div key={folder}>
          <p className={styles.folder}>{folder === "" ? "./" : folder}</p>
          <ul>
            {inside.map(({ path, insertions, deletions }) => (
              <li key={path}>
                <Link
                  href={href({ file: path })}
                  aria-current={path === current ? "true" : undefined}
                  data-viewed={viewed.includes(path) ? "" : undefined}
                  onClick={() => document.getElementById(`file ${path}`)?.scrollIntoView()}
                >
                  <span>
                    {viewed.includes(path) ? (
                      <>
                        <span aria-hidden="true">✓ </span>
                        <span className="hidden">viewed: </span>
                      </>
                    ) : null}
                    {path.slice(folder.length)}
                  </span>
                  <Counts insertions={insertions} deletions={deletions} />
                </Link>
              </li>
            ))}
          </ul>
        </div>
      ))}
    </nav>
  );
}
