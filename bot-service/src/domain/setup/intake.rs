//! How deals become measurements: by which stages, and where a deal holds what a measurement needs.

use shared::ids::Stage;

use super::{Fact, FieldChoice, Setup};

#[derive(Debug, Clone)]
pub struct Intake {
    pub triggers: Vec<Stage>,
    pub cancels: Vec<Stage>,
    pub fields: FieldNames,
}

/// Where each fact is found in a deal.
#[derive(Debug, Clone)]
pub struct FieldNames {
    pub address: FieldKeys,
    pub order_number: FieldKeys,
    pub zone: FieldKeys,
    /// Who sold: it may name a measurer as well.
    pub dealer: FieldKeys,
    pub product: FieldKeys,
    pub comment: FieldKeys,
}

/// A custom field's id, code or names; the first that has a value wins.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FieldKeys(pub Vec<String>);

impl Intake {
    /// What admins have set in the bot comes before what the service was started with.
    #[must_use]
    pub fn under(&self, setup: &Setup) -> Self {
        let mut fields = self.fields.clone();
        for (fact, choice) in &setup.fields {
            fields.set(*fact, *choice);
        }
        Self {
            triggers: setup.triggers.clone().unwrap_or_else(|| self.triggers.clone()),
            cancels: setup.cancels.clone().unwrap_or_else(|| self.cancels.clone()),
            fields,
        }
    }
}

impl FieldNames {
    pub fn of(&self, fact: Fact) -> &FieldKeys {
        match fact {
            Fact::Address => &self.address,
            Fact::OrderNumber => &self.order_number,
            Fact::Zone => &self.zone,
            Fact::Dealer => &self.dealer,
            Fact::Product => &self.product,
            Fact::Comment => &self.comment,
        }
    }

    fn set(&mut self, fact: Fact, choice: FieldChoice) {
        let keys = match choice {
            FieldChoice::Field(id) => FieldKeys(vec![id.to_string()]),
            FieldChoice::Nothing => FieldKeys(Vec::new()),
            FieldChoice::AsStarted => return,
        };
        *match fact {
            Fact::Address => &mut self.address,
            Fact::OrderNumber => &mut self.order_number,
            Fact::Zone => &mut self.zone,
            Fact::Dealer => &mut self.dealer,
            Fact::Product => &mut self.product,
            Fact::Comment => &mut self.comment,
        } = keys;
    }
}

/// As people usually call them.
impl Default for FieldNames {
    fn default() -> Self {
        Self {
            address: FieldKeys::parse("Адрес|Адрес замера|Адрес доставки"),
            order_number: FieldKeys::parse("Номер заказа|Заказ"),
            zone: FieldKeys::parse("Зона|Зона доставки"),
            dealer: FieldKeys::parse("Дилер|Салон"),
            product: FieldKeys::parse("Продукт|Товар|Изделие"),
            comment: FieldKeys::parse("Комментарий|Примечание"),
        }
    }
}

impl FieldKeys {
    /// Alternatives separated by `|`.
    pub fn parse(text: &str) -> Self {
        let keys = text.split('|').map(str::trim).filter(|key| !key.is_empty());
        Self(keys.map(str::to_owned).collect())
    }
}

/// Whether a key of the settings means the field with this id, code and name.
pub fn is_called(id: Option<i64>, code: Option<&str>, name: Option<&str>, key: &str) -> bool {
    let is = |name: Option<&str>| name.is_some_and(|name| name.trim().to_lowercase() == key.to_lowercase());
    id.is_some_and(|id| key.parse() == Ok(id)) || is(code) || is(name)
}
