import { Document, Header, Packer, Paragraph, Table, TableCell, TableRow, TextRun } from 'docx';

/** A document as an office would make it, with what stands in it: paragraphs, one table row, and the head of each sheet. */
export interface TemplateParts {
  paragraphs: readonly string[];
  /** Cells of a row that is repeated. */
  row?: readonly string[];
  header?: string;
}

export function templateDocx({ paragraphs, row, header }: TemplateParts): Promise<Buffer> {
  const text = (words: string) => new Paragraph({ children: [new TextRun(words)] });
  return Packer.toBuffer(
    new Document({
      sections: [
        {
          ...(header === undefined ? {} : { headers: { default: new Header({ children: [text(header)] }) } }),
          children: [
            ...paragraphs.map(
              (words) =>
                // Word cuts what was written at several times into several runs.
                new Paragraph({ children: (words.match(/.{1,7}/gs) ?? []).map((part) => new TextRun(part)) }),
            ),
            ...(row
              ? [
                  new Table({
                    rows: [new TableRow({ children: row.map((words) => new TableCell({ children: [text(words)] })) })],
                  }),
                ]
              : []),
          ],
        },
      ],
    }),
  );
}
