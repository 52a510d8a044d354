import { stored } from '../../domain/answers.ts'
import type { Context, Reply } from '../../domain/face.ts'
import { linksFor } from '../../domain/guide.ts'
import { openInBrowser } from '../browser.ts'
import type { Sitting } from '../session-port.ts'
import type { Watch } from '../watch.ts'
import { type Editing, rewritten, textOf } from './buffer.ts'
import { contentWidth } from './frame.ts'
import { cellsIn } from './graphemes.ts'
import type { Keyboard } from './keyboard.ts'
import { KEYS_HELP, listRows, placeOf, questionIsCut } from './layout.ts'
import { OVER_AREA, type ScreenTalk } from './screen-talk.ts'
import type { Choice } from './select.ts'
import type { Area } from './textarea.ts'

/* What Esc offers at a question: the moves, and what there is to read, to open and to take in. */

type MenuChoice = 'save' | 'back' | 'later' | 'skip' | 'leave' | keyof typeof ASIDE

/** What the menu works with. */
export interface AtQuestion {
  context: Context
  area: Area
  talk: ScreenTalk
  keyboard: Keyboard
  sitting: Sitting
  /** Keeps what stands in the area as a draft, at once. */
  keep(now: Editing): void
  watch: Watch
  /** Does something as soon as what stands in the area is saved. */
  afterwards(act: () => Promise<void>): void
  /** Whether what was written last could not be saved. */
  unsaved: boolean
}

/** Whether the person has made a move, or goes on writing. */
export type Done = Reply | Area

export const reply = ({ editing: now }: Area, then: Reply['then']): Reply => ({ text: textOf(now), then })

/** Lets the person choose, and does it; `save` is what Ctrl+S does. */
export async function openMenu(at: AtQuestion, save: () => Promise<Done>): Promise<Done> {
  const { context, area, talk } = at
  const place = placeOf(context.guide, context.question)
  const choice = await talk.choose(place, choicesFor(at), OVER_AREA)
  if (choice === undefined) return area
  if (choice === 'save') return save()
  if (choice === 'back' || choice === 'later' || choice === 'skip' || choice === 'leave')
    return reply(area, choice)
  return (await ASIDE[choice](at)) ?? area
}

function choicesFor(at: AtQuestion): Choice<MenuChoice>[] {
  const { context, talk } = at
  const { guide, question, story } = context
  const [link, ...more] = linksFor(guide, question)
  const choices: (Choice<MenuChoice> | false)[] = [
    { name: 'Save and go on', value: 'save' },
    { name: 'Back to the question before', value: 'back' },
    { name: 'Later: leave it open for now', value: 'later' },
    { name: 'Skip: do not ask this again', value: 'skip' },
    { name: 'Go to another question', value: 'go' },
    { name: 'Read my notes', value: 'notes' },
    questionIsCut(context, talk.columns(), talk.rows()) && {
      name: 'Read the whole question',
      value: 'question',
    },
    story !== undefined &&
      story.text !== '' && { name: 'Read my whole answer about the story', value: 'story' },
    question.kind === 'story' && { name: 'Watch the video: stopwatch and jots', value: 'watch' },
    jotsLeft(at).length > 0 && { name: 'Take jots into the answer', value: 'jots' },
    link !== undefined && {
      name: more.length > 0 ? 'Open a link' : `Open the link: ${link.title}`,
      value: 'open',
    },
    { name: 'Write in an editor', value: 'edit' },
    { name: 'Help: all keys', value: 'help' },
    {
      name: at.unsaved ? 'Leave; what is not saved is kept as a draft' : 'Leave; everything is saved',
      value: 'leave',
    },
  ]
  return choices.filter(choice => choice !== false)
}

/** What is done beside the answer. Where nothing is returned, the area stands as it did. */
const ASIDE = {
  go: goTo,
  jots: takeJots,
  open: openLink,
  edit: editOutside,
  async watch({ context, area, keep, watch }: AtQuestion): Promise<Done> {
    keep(area.editing)
    const unsaved = await watch(context)
    // Asked again, the question comes with the new jots; those that found no place come into the answer.
    return reply(unsaved.length > 0 ? withJots(area, unsaved) : area, { to: context.question.id })
  },
  notes: readNotes,
  question: async ({ talk, context }: AtQuestion): Promise<Done | undefined> =>
    void (await talk.read(context.question.text)),
  story: async ({ talk, context }: AtQuestion): Promise<Done | undefined> =>
    void (await talk.read(context.story?.text ?? '')),
  help: async ({ talk }: AtQuestion): Promise<Done | undefined> => void talk.say(KEYS_HELP),
}

/** What was just written belongs to the notes that are read. */
async function readNotes({ context, area, talk, afterwards }: AtQuestion): Promise<Done | undefined> {
  const text = stored(textOf(area.editing))
  if (text === '' || text === context.answer.text) return void (await talk.readNotes([]))
  afterwards(() => talk.readNotes([]))
  return reply(area, { to: context.question.id })
}

async function goTo({ context, area, talk }: AtQuestion): Promise<Done> {
  const to = await talk.choose(
    'Go to which question?',
    listRows(context.guide, context.answers, talk.columns()),
    { ...OVER_AREA, first: context.question.id },
  )
  return to === undefined ? area : reply(area, { to })
}

/** The jots that are not in the area yet. */
const jotsLeft = ({ context, area }: AtQuestion) =>
  context.jots.filter(jot => !textOf(area.editing).includes(jot.text))

async function takeJots(at: AtQuestion): Promise<Done> {
  const { area, talk, keep } = at
  const left = jotsLeft(at)
  const width = talk.columns() - 8
  if (left.some(({ text }) => cellsIn(text) > width)) talk.say(left.map(({ text }) => text).join('\n'))
  const taken = await talk.choose(
    'Take which jots into the answer?',
    [
      ...left.map(jot => ({ name: jot.text, value: [jot] })),
      ...(left.length > 1 ? [{ name: 'All of them', value: left }] : []),
    ],
    OVER_AREA,
  )
  if (!taken) return area
  const now = withJots(
    area,
    taken.map(({ text }) => `- ${text}`),
  )
  keep(now.editing)
  return now
}

function withJots(area: Area, lines: readonly string[]): Area {
  const text = textOf(area.editing)
  const before = stored(text) === '' ? [] : [text.replace(/\n+$/, '')]
  return { ...area, editing: rewritten(area.editing, [...before, ...lines].join('\n')) }
}

async function openLink({ context: { guide, question }, area, talk }: AtQuestion): Promise<Done> {
  const links = linksFor(guide, question)
  const link =
    links.length < 2
      ? links[0]
      : await talk.choose(
          'Open which link?',
          links.map(each => ({ name: `${each.title}: ${each.url}`, value: each })),
          OVER_AREA,
        )
  if (!link) return area
  await openInBrowser(link.url)
  return noticed(area, `${link.title}: ${link.url}`, talk)
}

/** Lends the terminal to an editor, and takes back what was written there. */
export async function editOutside({ area, keep, keyboard, sitting, talk }: AtQuestion): Promise<Done> {
  const before = textOf(area.editing)
  keep(area.editing)
  keyboard.lend()
  const { text, remark } = await sitting.edit(before, async () => {
    keyboard.own()
    const closed = await talk.choose(
      'The editor came back at once. If it opened a window: write there, save, then choose.',
      [
        { name: 'I have saved and closed it', value: true },
        { name: 'Leave the text as it was', value: false },
      ],
    )
    return closed ?? false
  })
  keyboard.own()
  const now = text === before ? area.editing : rewritten(area.editing, text)
  keep(now)
  return noticed({ editing: now, top: area.top }, remark ?? 'Back from the editor.', talk)
}

/** A notice below the area; above it, where it stays, if it is too long for a row. */
function noticed(area: Area, notice: string, talk: ScreenTalk): Area {
  if (notice.length < contentWidth(talk.columns())) return { ...area, notice }
  talk.say(notice)
  return area
}
