//! The page to play every role, as somebody at the screen sees it and works with it: by clicks.

use std::time::Duration;

use anyhow::{Context, Result};
use fantoccini::Locator;
use fantoccini::actions::{InputSource, MOUSE_BUTTON_LEFT, MouseActions, PointerAction};
use fantoccini::elements::Element;

use crate::acts::PATIENCE;
use crate::browser::Browser;
use crate::wait;

/// How long a drag takes; the page follows the mouse meanwhile.
const DRAG: Duration = Duration::from_millis(200);

/// Around an element in a picture, in CSS pixels.
const MARGIN: f64 = 6.0;

pub struct Screen {
    pub browser: Browser,
}

impl Screen {
    /// # Errors
    ///
    /// If the browser does not start or the page does not come to life.
    pub async fn open(url: &str) -> Result<Self> {
        let screen = Self { browser: Browser::start().await? };
        screen.browser.client.goto(url).await?;
        screen.find("//body[@data-live]").await?;
        Ok(screen)
    }

    /// Waits for the newest element that this `XPath` names and that is visible.
    ///
    /// # Errors
    ///
    /// If there is none in time.
    pub async fn find(&self, xpath: &str) -> Result<Element> {
        wait::until(xpath, PATIENCE, async || {
            for element in self.browser.client.find_all(Locator::XPath(xpath)).await.ok()?.into_iter().rev() {
                if element.is_displayed().await.ok()? {
                    return Some(element);
                }
            }
            None
        })
        .await
    }

    /// Clicks it as soon as it is there; one that is drawn again meanwhile is looked for again.
    ///
    /// # Errors
    ///
    /// If it cannot be clicked in time.
    pub async fn click(&self, xpath: &str) -> Result<()> {
        let mut refusal = String::new();
        let what = format!("a click on {xpath}");
        let clicked = wait::until(&what, PATIENCE, async || {
            self.click_once(xpath).await.map_err(|error| refusal = format!("{error:#}")).ok()
        });
        let clicked = clicked.await;
        clicked.context(refusal)
    }

    async fn click_once(&self, xpath: &str) -> Result<()> {
        let element = self.find(xpath).await?;
        self.scroll_to(&element, "nearest", "center").await?;
        Ok(element.click().await?)
    }

    /// A driver scrolls the window alone, and here boards and chats scroll inside it.
    async fn scroll_to(&self, element: &Element, block: &str, inline: &str) -> Result<()> {
        let scroll =
            "arguments[0].scrollIntoView({ block: arguments[1], inline: arguments[2], behavior: 'instant' })";
        let arguments = vec![serde_json::to_value(element)?, block.into(), inline.into()];
        self.browser.client.execute(scroll, arguments).await?;
        Ok(())
    }

    /// Puts a text into a field in place of what is there.
    ///
    /// # Errors
    ///
    /// If there is no such field.
    pub async fn fill(&self, xpath: &str, text: &str) -> Result<()> {
        let field = self.find(xpath).await?;
        field.clear().await?;
        field.send_keys(text).await.with_context(|| format!("typing into {xpath}"))
    }

    /// # Errors
    ///
    /// If there is no such choice.
    pub async fn choose(&self, xpath: &str, label: &str) -> Result<()> {
        let list = self.find(xpath).await?;
        list.select_by_label(label).await.with_context(|| format!("choosing {label} in {xpath}"))
    }

    /// Waits for a message that holds all of `texts`, buttons included.
    ///
    /// # Errors
    ///
    /// If none comes; the error shows the chat.
    pub async fn sees(&self, person: i64, texts: &[&str]) -> Result<Element> {
        match self.find(&message(person, texts)).await {
            Ok(found) => Ok(found),
            Err(error) => {
                let chat = self.find(&chat(person)).await?.text().await?;
                Err(error.context(format!("{person} should see {texts:?}, but sees:\n{chat}")))
            }
        }
    }

    /// Presses a button below the newest message that holds all of `texts`. The label may be a part.
    ///
    /// # Errors
    ///
    /// If there is no such message or button.
    pub async fn press(&self, person: i64, texts: &[&str], label: &str) -> Result<()> {
        self.sees(person, texts).await?;
        let button =
            format!("({})[last()]//button[contains(@data-button, '{label}')]", message(person, texts));
        self.click(&button).await
    }

    /// Presses a button of the newest message in the chat, once that holds `text`.
    ///
    /// # Errors
    ///
    /// If it does not come to hold it, or has no such button.
    pub async fn press_newest(&self, person: i64, text: &str, label: &str) -> Result<()> {
        let button = format!("button[contains(@data-button, '{label}')]");
        self.click(&format!("{}[contains(., '{text}')]//{button}", newest(person))).await
    }

    /// Chooses a command in the menu of commands, and sees it among the messages.
    ///
    /// # Errors
    ///
    /// If the person is not shown this command.
    pub async fn command(&self, person: i64, command: &str) -> Result<()> {
        let said = self.count(&own(person)).await?;
        self.click(&format!("{}//button[@data-open='commands']", chat(person))).await?;
        self.click(&format!("{}//button[@data-item='{command}']", chat(person))).await?;
        self.find(&format!("({})[{}]", own(person), said + 1)).await.map(drop)
    }

    /// Types a text, sends it, and sees it among the messages.
    ///
    /// # Errors
    ///
    /// If the person cannot write.
    pub async fn says(&self, person: i64, text: &str) -> Result<()> {
        let said = self.count(&own(person)).await?;
        self.fill(&format!("{}//textarea[@data-say]", chat(person)), text).await?;
        self.click(&format!("{}//button[@data-send]", chat(person))).await?;
        self.find(&format!("({})[{}]", own(person), said + 1)).await.map(drop)
    }

    async fn count(&self, xpath: &str) -> Result<usize> {
        Ok(self.browser.client.find_all(Locator::XPath(xpath)).await?.len())
    }

    /// Presses the only button of somebody who cannot write yet.
    ///
    /// # Errors
    ///
    /// If there is none.
    pub async fn starts(&self, person: i64) -> Result<()> {
        self.click(&format!("{}//button[@data-only]", chat(person))).await
    }

    /// # Errors
    ///
    /// If no toast with this text is shown.
    pub async fn toast(&self, person: i64, text: &str) -> Result<()> {
        let toast = format!("{}//*[@data-toast][contains(., '{text}')]", chat(person));
        self.find(&toast).await.map(drop)
    }

    /// Reads the alert with this text and presses OK.
    ///
    /// # Errors
    ///
    /// If there is none.
    pub async fn alert(&self, person: i64, text: &str) -> Result<()> {
        let alert = format!("{}//*[@data-alert][contains(., '{text}')]", chat(person));
        self.click(&format!("{alert}//button[@data-alert-ok]")).await
    }

    /// Opens the link to the bot in the newest message of `reader` as `guest`.
    ///
    /// # Errors
    ///
    /// If the message has none.
    pub async fn opens_as(&self, reader: i64, guest: i64) -> Result<()> {
        self.click_bot_link(reader).await?;
        self.click(&format!("//dialog[@open]//button[@data-open-as='{guest}']")).await
    }

    /// # Errors
    ///
    /// If the newest message has no link to the bot.
    pub async fn click_bot_link(&self, reader: i64) -> Result<()> {
        self.click(&format!("{}//button[contains(@data-href, '?start=')]", newest(reader))).await
    }

    /// Fills in the form of a new deal: names of fields with their texts.
    ///
    /// # Errors
    ///
    /// If the form is not as expected.
    pub async fn creates_deal(&self, stage: &str, fields: &[(&str, &str)]) -> Result<()> {
        self.click("//button[@data-create-deal]").await?;
        self.choose("//dialog[@open]//select[@name='stage']", stage).await?;
        for (name, text) in fields {
            self.fill(&format!("//dialog[@open]//*[@name='{name}']"), text).await?;
        }
        self.click("//dialog[@open]//button[@data-save]").await
    }

    /// # Errors
    ///
    /// If there is no such deal, or the mouse cannot carry it.
    pub async fn drags_deal(&self, name: &str, stage: &str) -> Result<()> {
        let card = self.find(&deal(name)).await?;
        let target = self.find(&format!("//section[@data-stage][@aria-label='{stage}']")).await?;
        let to = |element, duration| PointerAction::MoveToElement { element, duration, x: 0.0, y: 0.0 };
        // By its title: below are things that take the press for themselves.
        let grip = card.find(Locator::Css("h4")).await?;
        let drag = MouseActions::new("mouse".to_owned())
            .then(to(grip, None))
            .then(PointerAction::Down { button: MOUSE_BUTTON_LEFT })
            .then(to(target, Some(DRAG)))
            .then(PointerAction::Up { button: MOUSE_BUTTON_LEFT });
        self.browser.client.perform_actions(drag).await.context("dragging")?;
        self.find(&format!("//section[@aria-label='{stage}']{}", deal(name))).await.map(drop)
    }

    /// Brings a chat into view, at its end.
    ///
    /// # Errors
    ///
    /// If there is no such chat.
    pub async fn turn_to(&self, person: i64) -> Result<()> {
        self.scroll_to(&self.find(&chat(person)).await?, "start", "center").await
    }

    /// A PNG of this element and a little around it.
    ///
    /// # Errors
    ///
    /// If there is no such element.
    pub async fn picture_of(&self, xpath: &str) -> Result<Vec<u8>> {
        self.picture_from_to(xpath, xpath).await
    }

    /// A PNG from the top of one element to the bottom of another in the same chat, which must fit the window.
    ///
    /// # Errors
    ///
    /// If there is none of them.
    pub async fn picture_from_to(&self, first: &str, last: &str) -> Result<Vec<u8>> {
        let (first, last) = (self.find(first).await?, self.find(last).await?);
        self.scroll_to(&last, "center", "nearest").await?;
        let (x, y, width, height) = first.rectangle().await?;
        let (last_x, last_y, last_width, last_height) = last.rectangle().await?;
        let (left, top) = ((x.min(last_x) - MARGIN).max(0.0), (y - MARGIN).max(0.0));
        let right = (x + width).max(last_x + last_width) + MARGIN;
        let bottom = (y + height).max(last_y + last_height) + MARGIN;
        self.browser.picture(left, top, right - left, bottom - top).await
    }

    /// Turns one of the switches for trouble.
    ///
    /// # Errors
    ///
    /// If there is no such switch.
    pub async fn switch(&self, trouble: &str) -> Result<()> {
        self.click(&format!("//input[@name='{trouble}']")).await
    }
}

/// `XPath` of a chat.
pub fn chat(person: i64) -> String {
    format!("//section[@data-chat='{person}']")
}

/// `XPath` of the bot's messages in a chat that hold all of `texts`.
pub fn message(person: i64, texts: &[&str]) -> String {
    let mut conditions = vec!["contains(@class, 'bot')".to_owned()];
    conditions.extend(texts.iter().map(|text| format!("contains(., '{text}')")));
    format!("{}//article[@data-message][{}]", chat(person), conditions.join(" and "))
}

/// `XPath` of what a person has sent himself.
fn own(person: i64) -> String {
    format!("{}//article[contains(@class, 'own')]", chat(person))
}

/// `XPath` of the newest message of a chat.
pub fn newest(person: i64) -> String {
    format!("({}//article[@data-message])[last()]", chat(person))
}

/// `XPath` of a deal on the board.
pub fn deal(name: &str) -> String {
    format!("//article[@data-deal][contains(h4, '{name}')]")
}
