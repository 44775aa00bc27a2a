//! What a measurer must know of a deal: a snapshot, taken again whenever AmoCRM changes.

use serde::{Deserialize, Serialize};

use super::phone::Phone;

/// The facts of a deal. Texts are trimmed and never empty; a missing fact is `None`.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Facts {
    /// Empty where AmoCRM has no name for the deal.
    pub lead_name: String,
    pub address: Option<String>,
    pub client_name: Option<String>,
    pub phones: Vec<Phone>,
    pub order_number: Option<String>,
    pub zone: Option<String>,
    /// Who sold, as a field of the deal names him.
    pub dealer: Option<String>,
    /// The deal's company in AmoCRM. May be the dealer where no field names one, and the customer as well: people are
    /// not told of its changes.
    pub company: Option<String>,
    pub product: Option<String>,
    pub comment: Option<String>,
}

/// Which fact changed, for the history and for the short message about it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Field {
    Name,
    Address,
    Client,
    Phone,
    OrderNumber,
    Zone,
    Dealer,
    Product,
    Comment,
}

impl Field {
    pub const ALL: [Self; 9] = [
        Self::Name,
        Self::Address,
        Self::Client,
        Self::Phone,
        Self::OrderNumber,
        Self::Zone,
        Self::Dealer,
        Self::Product,
        Self::Comment,
    ];
}

/// One changed fact with both texts.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct FieldChange {
    pub field: Field,
    pub from: Option<String>,
    pub to: Option<String>,
}

impl Facts {
    /// What differs in `newer`, in the order of [`Field::ALL`].
    pub fn changes_to(&self, newer: &Self) -> Vec<FieldChange> {
        Field::ALL
            .into_iter()
            .filter_map(|field| {
                let (from, to) = (self.text(field), newer.text(field));
                (from != to).then_some(FieldChange { field, from, to })
            })
            .collect()
    }

    /// Lays `newer` over these facts where it says something. For sources that list filled fields only.
    #[must_use]
    pub fn overlaid_by(self, newer: Self) -> Self {
        Self {
            lead_name: if newer.lead_name.is_empty() { self.lead_name } else { newer.lead_name },
            address: newer.address.or(self.address),
            client_name: newer.client_name.or(self.client_name),
            phones: if newer.phones.is_empty() { self.phones } else { newer.phones },
            order_number: newer.order_number.or(self.order_number),
            zone: newer.zone.or(self.zone),
            dealer: newer.dealer.or(self.dealer),
            company: newer.company.or(self.company),
            product: newer.product.or(self.product),
            comment: newer.comment.or(self.comment),
        }
    }

    fn text(&self, field: Field) -> Option<String> {
        match field {
            Field::Name => Some(self.lead_name.clone()).filter(|name| !name.is_empty()),
            Field::Address => self.address.clone(),
            Field::Client => self.client_name.clone(),
            Field::Phone => {
                let phones: Vec<_> = self.phones.iter().map(|phone| phone.raw.as_str()).collect();
                Some(phones.join(", ")).filter(|phones| !phones.is_empty())
            }
            Field::OrderNumber => self.order_number.clone(),
            Field::Zone => self.zone.clone(),
            Field::Dealer => self.dealer.clone(),
            Field::Product => self.product.clone(),
            Field::Comment => self.comment.clone(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_change_names_the_field_with_both_texts() {
        let before = Facts { address: Some("Ленина, 5".into()), ..Facts::default() };
        let after = Facts { zone: Some("Север".into()), ..Facts::default() };
        assert_eq!(
            before.changes_to(&after),
            [
                FieldChange { field: Field::Address, from: Some("Ленина, 5".into()), to: None },
                FieldChange { field: Field::Zone, from: None, to: Some("Север".into()) },
            ]
        );
        assert_eq!(after.changes_to(&after), []);
    }

    #[test]
    fn a_source_of_filled_fields_erases_nothing() {
        let known = Facts {
            lead_name: "Окна".into(), address: Some("Ленина, 5".into()), ..Facts::default()
        };
        let hook = Facts { address: Some("Мира, 1".into()), ..Facts::default() };
        let both = known.overlaid_by(hook);
        assert_eq!((both.lead_name.as_str(), both.address.as_deref()), ("Окна", Some("Мира, 1")));
    }
}
