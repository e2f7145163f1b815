import { useState } from "react";
import { useAddress } from "../../../data/useAddress.ts";
import { VirtualTable } from "../../../kit/VirtualTable.tsx";
import type { Column } from "../../../kit/VirtualTable.tsx";
import styles from "./Cost.module.css";

export interface CostTableProps<Row> {
  readonly label: string;
  readonly columns: readonly Column<Row>[];
  readonly rows: readonly Row[];
  readonly keyOf: (row: Row) => string;
  /** What its transcript is found by; undefined for a sum. */
  readonly placeOf: (row: Row) => { readonly instance: string; readonly attempt?: number } | undefined;
}

/** Enter on a row opens what was done for the money. */
export function CostTable<Row>({ label, columns, rows, keyOf, placeOf }: CostTableProps<Row>) {
  const [at, setAt] = useState(0);
  const { go } = useAddress();
  return (
    <div className={styles.table}>
      <VirtualTable
        label={label}
        columns={columns}
        rows={rows}
        keyOf={keyOf}
        at={Math.min(at, Math.max(0, rows.length - 1))}
        onMove={setAt}
        onOpen={(row) => {
          const place = placeOf(row);
          if (place !== undefined)
            go({ tab: "transcript", attempt: undefined, ...place, by: undefined }, { push: true });
        }}
      />
    </div>
  );
}
