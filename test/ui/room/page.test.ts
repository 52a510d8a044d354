import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { type Browser, chromium, type Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest'
import type { RoomView } from '../../../src/ui/room/page.ts'
import { type RoomServer, serveRoom } from '../../../src/ui/room/server.ts'
import { CHROMIUM } from '../../support/browser.ts'
import { EQUITY } from '../../support/helpers.ts'

const AXE = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8')
const MINUTE = 60_000
const PATIENT = { timeout: 20_000 }

const [one, two, three] = EQUITY.stories.elements.map(({ title, story }, i) => ({
  groups: `Table ${i + 1}`,
  label: `${title} · the story · 1 of 3`,
  text: story[0]?.text ?? '',
}))
const STEP: RoomView = {
  title: 'Equity in 60 minutes',
  language: 'en',
  step: 'Step 4 of 8: What the story shows',
  say: ['Read your question twice. Then write what you saw, alone, for two minutes.'],
  questions: [one, two, three].filter(each => each !== undefined),
  groups: [],
  norms: [],
  clock: 'running',
  left: 9 * MINUTE,
  blank: false,
}
const WELCOME: RoomView = {
  ...STEP,
  step: 'Step 1 of 8: Welcome, norms and roles',
  questions: [],
  norms: ['Stay engaged, even when it’s hard.', 'Speak for yourself.', 'Share ideas, not who said them.'],
  groups: EQUITY.stories.elements.map(({ title }, i) => `Table ${i + 1}: ${title}`),
}
const ARABIC: RoomView = { ...WELCOME, step: 'الترحيب', groups: WELCOME.groups.map(group => `قسم ${group}`) }

/** Runs in the page: how many boxes cut off their text, and how large the letters are. */
const LOOK = `(() => {
  const all = [...document.querySelectorAll('main, .box')]
  return {
    cut: all.filter(box => box.scrollHeight > box.clientHeight + 1 || box.scrollWidth > box.clientWidth + 1).length,
    letters: Number.parseFloat(getComputedStyle(document.querySelector('main')).fontSize),
  }
})()`
/** Runs in the page: notes what a screen reader would be told. */
const LISTEN = `{
  globalThis.said = []
  const status = document.getElementById('said')
  new MutationObserver(() => said.push(status.textContent)).observe(status, { childList: true })
}`

describe.skipIf(!CHROMIUM)('the room page in Chromium', () => {
  let browser: Browser
  beforeAll(async () => {
    browser = await chromium.launch({
      executablePath: CHROMIUM ?? '',
      args: [
        '--no-sandbox',
        '--disable-gpu',
        '--disable-background-networking',
        '--disable-component-update',
      ],
    })
  })
  afterAll(() => browser.close())

  /** The page of a room that shows what `now` holds. */
  async function room(now: { view: RoomView }, size = { width: 1920, height: 1080 }) {
    const server = await serveRoom(() => now.view)
    const page = await browser.newPage({ viewport: size })
    const asked: string[] = []
    const wrong: string[] = []
    page.on('request', request => asked.push(request.url()))
    page.on('console', message => message.type() === 'error' && wrong.push(message.text()))
    page.on('pageerror', error => wrong.push(String(error)))
    onTestFinished(async () => {
      await page.close()
      server.close()
    })
    await page.goto(server.url)
    return { server, page, asked, wrong }
  }
  const sees = (page: Page, text: string | RegExp) =>
    expect.poll(() => page.locator('body').innerText(), PATIENT).toMatch(text)

  test('everything is readable from 1024×768 to 4K, in light and dark, and axe finds nothing', async () => {
    const now = { view: STEP }
    const { page, server, asked, wrong } = await room(now)
    for (const view of [
      WELCOME,
      ARABIC,
      STEP,
      {
        ...STEP,
        questions: Array.from(
          { length: 12 },
          (_, i) => ({ ...STEP.questions[i % 3], groups: `Table ${i + 1}` }) as RoomView['questions'][number],
        ),
      },
    ])
      for (const [width, height] of [
        [1024, 768],
        [1920, 1080],
        [3840, 2160],
      ] as const) {
        now.view = view
        await page.setViewportSize({ width, height })
        server.update()
        await sees(page, view.step)
        await expect.poll(() => page.locator('.box').count(), PATIENT).toBe(view.questions.length)
        const least = height * (view.questions.length > 3 ? 0.015 : 0.03)
        // The page hears of its new size a moment later.
        const looks = async () => {
          const { cut, letters } = await page.evaluate<{ cut: number; letters: number }>(LOOK)
          return { cut, large: letters > least || letters }
        }
        await expect
          .poll(looks, { ...PATIENT, message: `${width}×${height}` })
          .toEqual({ cut: 0, large: true })
        for (const scheme of ['light', 'dark'] as const) {
          await page.emulateMedia({ colorScheme: scheme })
          await page.evaluate(AXE)
          const { violations } = (await page.evaluate('axe.run()')) as { violations: { id: string }[] }
          expect(
            violations.map(({ id }) => id),
            `${width}×${height} ${scheme}`,
          ).toEqual([])
        }
      }
    expect(asked.every(url => url.startsWith(server.url))).toBe(true)
    expect(wrong).toEqual([])
  })

  test('it follows the terminal: the time in words at zero, paused, blank, and few announcements', async () => {
    const now = { view: STEP }
    const { page, server } = await room(now)
    const turn = (change: Partial<RoomView>) => {
      now.view = { ...now.view, ...change }
      server.update()
    }
    await page.evaluate(LISTEN)
    await sees(page, /\b8:5\d\b|\b9:00\b/)
    turn({ clock: 'paused', left: 61_000 })
    await sees(page, 'Paused · 1:01')
    for (const left of [5 * MINUTE, 4.9 * MINUTE, MINUTE, 30_000]) {
      turn({ clock: 'running', left })
      await sees(page, new RegExp(`\\b${Math.floor(left / MINUTE)}:`))
    }
    turn({ left: -5000 })
    await sees(page, 'Time is up')
    expect(await page.evaluate('said')).toEqual(['5 minutes left', '1 minute left', 'Time is up'])
    turn({ blank: true })
    await expect.poll(() => page.locator('main').isVisible(), PATIENT).toBe(false)
    turn({ blank: false, step: 'Step 5 of 8: Our own system', questions: STEP.questions.slice(1) })
    await sees(page, 'Step 5 of 8: Our own system')
    await expect.poll(() => page.locator('.box').count(), PATIENT).toBe(2)
    turn({ say: ['<script>document.title = "taken"</script>'] })
    await sees(page, '<script>')
    expect(await page.title()).toBe(STEP.title)
  })

  test('nothing is cut off when the clock begins, and when it is paused beside a long title', async () => {
    const step = 'Step 1 of 8: Welcome, norms, roles, and how the tables work'
    const now = { view: { ...WELCOME, step, clock: 'waiting' } as RoomView }
    const { page, server } = await room(now, { width: 1024, height: 768 })
    await sees(page, step)
    for (const [clock, said] of [
      ['running', '9:00'],
      ['paused', 'Paused · 9:00'],
    ] as const) {
      now.view = { ...now.view, clock }
      server.update()
      await expect.poll(() => page.locator('#clock').innerText(), PATIENT).toBe(said)
      await expect
        .poll(async () => (await page.evaluate<{ cut: number }>(LOOK)).cut, { message: clock, ...PATIENT })
        .toBe(0)
    }
  })

  test('where a page is enlarged so much that not everything fits, one scrolls to the rest', async () => {
    const questions = Array.from({ length: 4 }, () => STEP.questions).flat()
    const { page } = await room({ view: { ...STEP, questions } }, { width: 320, height: 256 })
    await sees(page, STEP.step)
    await page.locator('main').focus()
    await page.keyboard.press('End')
    const bottom = async () => {
      const { y, height } = (await page.locator('.box p').last().boundingBox()) ?? { y: 0, height: 999 }
      return y + height
    }
    await expect.poll(bottom, PATIENT).toBeLessThanOrEqual(256)
  })

  test('it says that it waits when the program is gone, and goes on by itself when it is back', async () => {
    const now = { view: STEP }
    const { page, server } = await room(now)
    await sees(page, STEP.step)
    server.close()
    await sees(page, 'Waiting for the facilitator’s computer')
    expect(await page.locator('main').innerText()).toContain(one?.text)
    now.view = { ...STEP, step: 'Step 6 of 8: Share' }
    const back: RoomServer = await serveRoom(() => now.view, server.address)
    onTestFinished(() => back.close())
    await sees(page, 'Step 6 of 8: Share')
    await expect.poll(() => page.locator('#waiting').isVisible(), PATIENT).toBe(false)
    await page.reload()
    await sees(page, 'Step 6 of 8: Share')
  }, 60_000)
})
