import { BorderStyle, type IParagraphStyleOptions, type IStylesOptions, LineRuleType } from 'docx'

/* The look of a Word file. Type sizes in half points, distances in twentieths of a point. */

const FONT = 'Calibri'
const MONOSPACED = 'Consolas'
const INK = '1D2733'
const ACCENT = '1F4E79'
const SOFT = '51606F'
const rule = { style: BorderStyle.SINGLE, size: 6, color: 'BFB8A8', space: 1 }

export function styles(language: string, brief: boolean): IStylesOptions {
  const size = brief ? 19 : 22
  return {
    default: {
      document: {
        run: { font: FONT, size, language: { value: language } },
        paragraph: {
          spacing: { after: brief ? 60 : 120, line: brief ? 245 : 264, lineRule: LineRuleType.AUTO },
        },
      },
      title: {
        run: { font: FONT, size: brief ? 34 : 44, bold: true, color: INK },
        paragraph: { spacing: { after: 60, line: 240, lineRule: LineRuleType.AUTO } },
      },
      ...headings(brief),
      listParagraph: { paragraph: { spacing: { after: brief ? 30 : 60 } } },
      hyperlink: { run: { color: '1A5490', underline: {} } },
    },
    characterStyles: [
      { id: 'Label', name: 'Label', run: { size: size - 3, color: ACCENT, bold: true } },
      { id: 'Question', name: 'Question', run: { color: INK } },
      { id: 'CodeCharacters', name: 'Code Characters', run: { font: MONOSPACED, size: size - 2 } },
    ],
    paragraphStyles: paragraphStyles(size, brief).map(style => ({ basedOn: 'Normal', ...style })),
  }
}

function headings(brief: boolean) {
  const headline = (outlineLevel: number, size: number, before: number, color: string) => ({
    run: { font: FONT, size: brief ? size - 4 : size, bold: true, color },
    paragraph: {
      outlineLevel,
      spacing: { before: brief ? before / 2 : before, after: brief ? 40 : 80 },
      keepNext: true,
      keepLines: true,
    },
  })
  return {
    heading1: headline(0, 32, 400, ACCENT),
    heading2: headline(1, 26, 300, ACCENT),
    heading3: headline(2, 23, 240, INK),
    heading4: headline(3, 22, 200, INK),
    heading5: headline(4, 21, 160, SOFT),
  }
}

function paragraphStyles(size: number, brief: boolean): IParagraphStyleOptions[] {
  return [
    {
      id: 'Facts',
      name: 'Facts',
      run: { color: SOFT },
      paragraph: {
        spacing: { after: brief ? 120 : 280 },
        border: { bottom: { ...rule, color: ACCENT, size: 12, space: 6 } },
      },
    },
    {
      id: 'Who',
      name: 'Who',
      run: { bold: true },
      paragraph: { keepNext: true, spacing: { before: 120, after: 40 } },
    },
    { id: 'Silence', name: 'Silence', run: { italics: true, color: SOFT } },
    { id: 'Quotation', name: 'Quotation', paragraph: { border: { left: { ...rule, space: 8 } } } },
    { id: 'CodeBlock', name: 'Code Block', run: { font: MONOSPACED, size: size - 3 } },
    {
      id: 'TableHead',
      name: 'Table Head',
      run: { bold: true, color: ACCENT },
      paragraph: { keepNext: true, spacing: { after: 0 } },
    },
    { id: 'TableText', name: 'Table Text', paragraph: { spacing: { after: 0 } } },
    ...LINES,
    {
      id: 'Source',
      name: 'Source',
      run: { size: size - 3, color: SOFT },
      paragraph: { border: { top: { ...rule, space: 6 } }, spacing: { before: brief ? 160 : 480 } },
    },
    { id: 'Footer', name: 'footer', run: { size: size - 3, color: SOFT } },
  ]
}

const writing = { ...rule, color: '808080' }

/** Paragraphs without words. */
const LINES: IParagraphStyleOptions[] = [
  { id: 'Gap', name: 'Gap', run: { size: 8 }, paragraph: { spacing: { after: 0, line: 120 } } },
  { id: 'Rule', name: 'Rule', paragraph: { border: { bottom: rule }, spacing: { after: 160 } } },
  {
    id: 'WritingLine',
    name: 'Writing Line',
    paragraph: { border: { bottom: writing, between: writing }, spacing: { after: 0, line: 480 } },
  },
]
