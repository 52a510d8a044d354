import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { SOUND } from './commands/breaks.ts'
import { emptyFolder, file, plStories, ROOT } from './support/helpers.ts'
import { CTRL, openTerminal } from './support/terminal.ts'

const README = readFileSync(join(ROOT, 'README.md'), 'utf8')
const FACILITATORS = readFileSync(join(ROOT, 'guide', 'facilitators.md'), 'utf8')
const SOURCE = readFileSync(join(ROOT, 'test', 'fixtures', 'equity-guide-source.txt'), 'utf8')
/** What stands in backquotes or in the table and begins with our name, each a command line. */
const COMMANDS = [
  ...new Set([...(README + FACILITATORS).matchAll(/`(pl-stories[^`\n]*)`/g)].map(match => match[1] ?? '')),
].filter(command => !/[A-Z]{4}/.test(command))

/** A command line as a shell takes it apart; quotes are all the README needs. */
const words = (line: string) =>
  [...line.matchAll(/"([^"]*)"|(\S+)/g)].map(match => match[1] ?? match[2] ?? '')

test('the README names commands', () => {
  expect(COMMANDS.length).toBeGreaterThan(8)
})

/** A folder with what the examples speak of: made once, since each of them gets a copy. */
const prepared = mkdtempSync(join(tmpdir(), 'pl-stories-readme-'))
beforeAll(async () => {
  mkdirSync(join(prepared, 'tables'))
  for (const notes of ['equity-notes.md', 'team-notes.md', 'tables/table-1.md'])
    await plStories(['answer', 'a.story.1', 'words', '--notes', notes], { folder: prepared })
  file(prepared, 'answers.yaml', 'guide: ca-qpls-equity\nanswers:\n  warmup: words\n')
  file(prepared, 'document.md', SOURCE)
  file(prepared, 'responses.csv', 'A · the story · 1 of 3\nwords\n')
  file(prepared, 'my-guide.yaml', SOUND)
  await plStories(['new', 'my-hour.yaml', '--plan', '60'], { folder: prepared })
})
afterAll(() => {
  for (const each of [prepared, `${prepared}.state`]) rmSync(each, { recursive: true, force: true })
})

test.each(COMMANDS)('%s, as the README shows it, is no mistake', async command => {
  const folder = emptyFolder()
  cpSync(prepared, folder, { recursive: true })
  const [, made] = / new (\S+)/.exec(command) ?? []
  if (made !== undefined) rmSync(join(folder, made), { force: true })
  // The end of an hour that begins now.
  const inAnHour = new Date(Date.now() + 3_600_000).toTimeString().slice(0, 5)
  const { code, err } = await plStories(words(command.replace('4:30pm', inAnHour)).slice(1), { folder })
  expect([0, 1], err).toContain(code)
})

test('the example for pipes records its answers', async () => {
  const folder = emptyFolder()
  const shell = /```sh\n(printf .*) \| pl-stories\n```/.exec(FACILITATORS)?.[1] ?? ''
  const input = shell.slice("printf '".length, -1).replaceAll('\\n', '\n')
  expect((await plStories([], { folder, input })).code).toBe(1)
  const { answers } = JSON.parse((await plStories(['export', 'json'], { folder })).out)
  expect(answers).toEqual({ warmup: 'Our data is disaggregated.', 'a.story.1': 'They plan together.' })
})

test('what check says in the README is what it says', async () => {
  const folder = emptyFolder()
  file(folder, 'my-guide.yaml', SOUND.replace('What do you expect?', 'Expect: what?'))
  const { out } = await plStories(['check', 'my-guide.yaml'], { folder })
  expect(README).toContain(`\`\`\`text\n${out}\`\`\``)
})

test('the picture in the README is the screen (after a change: npm run picture)', async () => {
  const [, what = '', path = ''] = /!\[([^\]]+)\]\((\S+\.svg)\)/.exec(README) ?? []
  const screen = openTerminal({ folder: emptyFolder() })
  const before = [
    'Equity is more than access.',
    'They look at data every month.',
    'Coaches plan with them.',
    'Time to learn together.',
  ]
  for (const [i, answer] of before.entries()) {
    await screen.shows(`(${i + 1} of 20)`)
    await screen.send(answer)
    await screen.shows(`│ ${answer}`)
    await screen.send(CTRL('s'))
  }
  await screen.shows('(5 of 20)')
  await screen.send('We have the same data, but only the site leaders see it.')
  await screen.shows('12 words')
  await expect(await screen.picture(what)).toMatchFileSnapshot(join(ROOT, path))
})
