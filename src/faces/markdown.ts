import type { MarkedExtension, Token, Tokens } from 'marked'

/** Markdown as text for a terminal so many columns wide. The renderer is heavy: it is loaded when first used. */
export async function renderMarkdown(markdown: string, columns = 80): Promise<string> {
  const [{ Marked }, { markedTerminal }] = await Promise.all([
    import('marked'),
    import('marked-terminal'),
    import('./colour.ts'),
  ])
  const width = Math.min(columns, 100) - 2
  // People's lines stay lines: a page they pasted is rarely meant as one paragraph.
  const marked = new Marked({ breaks: true })
  // Its types still describe an older marked.
  marked.use(
    markedTerminal({
      width,
      reflowText: true,
      showSectionPrefix: false,
      // What people type between colons, such as a time, is no smiley.
      emoji: false,
      tab: 2,
    }) as MarkedExtension,
  )
  // marked-terminal prints the text of tight list items raw, with its asterisks.
  marked.use({
    renderer: {
      // The list item draws its box itself.
      checkbox: () => '',
      text(token: Tokens.Text | Tokens.Escape) {
        return 'tokens' in token && token.tokens
          ? this.parser.parseInline(token.tokens as Token[])
          : token.text
      },
    },
  })
  return marked.parse(markdown) as string
}
