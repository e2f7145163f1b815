import { useMutation } from "@tanstack/react-query";
import { ScrollText } from "lucide-react";
import { api } from "../../../data/api.ts";
import { useAddress } from "../../../data/useAddress.ts";
import { Button } from "../../../kit/Button.tsx";

export interface OpenAtLineProps {
  readonly id: string;
  readonly instance: string;
  readonly attempt: number;
  /** What it printed last; "" where that is not known. */
  readonly text: string;
}

/** Opens the log where that text was printed, on whichever stream; at its end where it cannot be found. */
export function OpenAtLine({ id, instance, attempt, text }: OpenAtLineProps) {
  const { go } = useAddress();
  const finding = useMutation({
    mutationFn: () => findLine(id, { instance, attempt }, text.trim()),
    onSettled: (place) =>
      go(
        { tab: "log", instance, attempt, stream: place?.stream === "stderr" ? "stderr" : undefined, line: place?.line },
        { push: true },
      ),
  });
  return (
    <Button icon={<ScrollText />} disabled={finding.isPending} onClick={() => finding.mutate()}>
      {text === "" ? "Open the log" : "Open the log at this line"}
    </Button>
  );
}

interface FoundLine {
  readonly stream: "stdout" | "stderr";
  readonly line: number;
}

/** The last line with the text. */
async function findLine(
  id: string,
  place: { readonly instance: string; readonly attempt: number },
  text: string,
): Promise<FoundLine | undefined> {
  if (text === "") return undefined;
  for (const stream of ["stderr", "stdout"] as const) {
    const query = { ...place, stream, text: text.slice(0, 200), limit: 1000 };
    const line = (await api.searchLog(id, query)).matches.at(-1)?.line;
    if (line !== undefined) return { stream, line };
  }
  return undefined;
}
