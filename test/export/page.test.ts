import { createHash } from 'node:crypto'
import { readFileSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { digestDocument } from '../../src/export/digest-document.ts'
import type { Document } from '../../src/export/document.ts'
import { guideDocument } from '../../src/export/guide-document.ts'
import { handoutDocument } from '../../src/export/print.ts'
import { summaryDocument } from '../../src/export/summary.ts'
import { DigestBuilder } from '../../src/notes/digest.ts'
import type { Notes } from '../../src/notes/notes.ts'
import { SpillingStore } from '../../src/storage/text-store.ts'
import { type Browser, CHROMIUM, openBrowser, type View } from '../support/browser.ts'
import { EQUITY, emptyFolder } from '../support/helpers.ts'
import { documentOf, HOSTILE, notesWith, WRITERS } from './room.ts'

const AXE = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8')
const IDS = EQUITY.questions.map(({ id }) => id)
const LONG = 'A long answer that goes on and says a lot about what was seen and what it would take. '.repeat(
  20,
)
const FORMS = [
  '# Heading\n\nWords, a [link](https://example.org/a/rather/long/address_of_a_page) and `code`.\n\n### Lower',
  '| Data | How often | Who |\n|---|---|---|\n| Survey of every classroom | yearly | Ana |\n| | | |',
  `- [ ] a task (Ana, by May)\n- [x] done\n\n${'w'.repeat(200)}`,
  '```\na line of code that is much longer than any narrow window has room for\n```\n\n> quoted',
]
const answers = (text: (i: number) => string) =>
  notesWith(Object.fromEntries(IDS.map((id, i) => [id, text(i)])))
const rich = answers(i => FORMS[i % FORMS.length] ?? '')
const hostile = Object.fromEntries(IDS.map((id, i) => [id, HOSTILE[i + 3] ?? '']))

const WISH = { title: 'Notes of table 1', facts: [EQUITY.subtitle] }
const PAGES: Record<string, Document> = {
  'in the order of the notes': documentOf(
    Object.fromEntries(IDS.map((id, i) => [id, FORMS[i % FORMS.length] ?? ''])),
  ),
  'with hostile answers': documentOf(hostile),
  'the story beside our system': guideDocument(EQUITY, rich, { ...WISH, layout: 'compare' }),
  'for a site leader': summaryDocument(EQUITY, rich, WISH),
  'a handout': handoutDocument(EQUITY, WISH),
  'what two tables said': digestOf(
    rich,
    answers(i => FORMS[(i + 1) % FORMS.length] ?? ''),
  ),
}

test('the policy of each page allows its own look and no other', () => {
  for (const document of Object.values(PAGES)) {
    const [, hash, style = ''] =
      /style-src 'sha256-(\S+)';[\s\S]*<style>([\s\S]*)<\/style>/.exec(WRITERS.html(document)) ?? []
    expect(hash).toBe(createHash('sha256').update(style).digest('base64'))
  }
})

function digestOf(...tables: Notes[]): Document {
  const gathering = new DigestBuilder(new SpillingStore())
  for (const [i, notes] of tables.entries()) gathering.add(`${i}.md`, notes, `Table ${i + 1}`)
  return digestDocument(gathering.digest(EQUITY, false), { leftOut: [] })
}

const ALL = "['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'best-practice']"
const COLOURS = "{ type: 'rule', values: ['color-contrast'] }"
/** What is looked at in each view: the structure is the same in all. */
const VIEWS: Record<string, View & { rules: string }> = {
  light: { rules: ALL },
  dark: { scheme: 'dark', rules: COLOURS },
  'in print': { media: 'print', rules: COLOURS },
  '320 pixels wide': { width: 320, rules: "{ type: 'rule', values: ['scrollable-region-focusable'] }" },
}

describe.skipIf(!CHROMIUM)(
  `pages in a browser${CHROMIUM ? '' : ' (skipped: no Chromium is installed here)'}`,
  () => {
    let browser: Browser
    beforeAll(async () => {
      browser = await openBrowser(CHROMIUM ?? '')
    }, 30_000)
    afterAll(() => browser?.close())

    const opened = async (document: Document, view?: View) => {
      const path = join(emptyFolder(), 'notes.html')
      writeFileSync(path, WRITERS.html(document))
      await browser.open(path, view)
    }

    for (const [name, document] of Object.entries(PAGES))
      test(`nothing bars anybody from a page ${name}`, { timeout: 30_000 }, async () => {
        for (const [how, view] of Object.entries(VIEWS)) {
          await opened(document, view)
          const violations = await browser.evaluate<string[]>(
            `${AXE};axe.run({ runOnly: ${view.rules} })
            .then(({ violations }) => violations.map(({ id, nodes }) => id + ': ' + nodes.map(({ html }) => html).join(' ')))`,
          )
          expect(violations, how).toEqual([])
          expect(
            await browser.evaluate('document.documentElement.scrollWidth <= window.innerWidth'),
            how,
          ).toBe(true)
          expect(browser.requests().filter(url => !url.startsWith('file:'))).toEqual([])
        }
      })

    test('headings begin with one title and skip no level, whatever people wrote', async () => {
      await opened(PAGES['with hostile answers'] as Document)
      const levels = await browser.evaluate<number[]>(
        "[...document.querySelectorAll('h1,h2,h3,h4,h5,h6')].map(({ tagName }) => Number(tagName[1]))",
      )
      expect(levels.filter(level => level === 1)).toHaveLength(1)
      levels.forEach((level, i) => void expect(level).toBeLessThanOrEqual((levels[i - 1] ?? 0) + 1))
    })

    test('a browser finds no script, no handler and no address to load in what people wrote', async () => {
      await opened(PAGES['with hostile answers'] as Document)
      const found = await browser.evaluate<number>(
        'document.querySelectorAll(\'script,img,iframe,object,link,form,[onclick],[src],a[href^="javascript" i],a[href^="data" i]\').length',
      )
      expect(found).toBe(0)
      expect(await browser.evaluate('document.querySelectorAll("section.question").length')).toBe(20)
    })

    test('the page for a site leader is one page of paper, however long the answers', async () => {
      const actions = '- [ ] Share the survey with all schools (Ana and Bo, by 15 January)\n'.repeat(5)
      const full = answers(i => (i === IDS.length - 1 ? actions : LONG))
      await opened(
        summaryDocument(EQUITY, full, {
          title: 'Equity Professional Learning Stories: summary',
          facts: ['Table 1'],
        }),
      )
      const pdf = (await browser.pdf()).toString('latin1')
      expect(pdf.match(/\/Type \/Page\b/g)).toHaveLength(1)
    })
  },
)
