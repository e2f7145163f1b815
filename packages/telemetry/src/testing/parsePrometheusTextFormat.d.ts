/** What the package does not say of itself. Of a histogram with labels it reads the buckets and nothing else. */
declare module "parse-prometheus-text-format" {
  interface ReadFamily {
    readonly name: string;
    readonly type: string;
    readonly help: string;
    readonly metrics: readonly {
      readonly labels?: Readonly<Record<string, string>>;
      readonly value?: string;
      readonly buckets?: Readonly<Record<string, string>>;
    }[];
  }
  export default function parse(text: string): readonly ReadFamily[];
}
