//! Which deals become measurements, and where a deal holds what a measurement needs.

use shared::config::{ConfigErrors, Settings};

use crate::domain::setup::{FieldKeys, FieldNames, Intake};

impl Intake {
    pub(crate) fn read(settings: &Settings) -> Result<Self, ConfigErrors> {
        let expected = "a list like 3177001:32392001,3177001:142 of pipeline:status";
        let mut errors = ConfigErrors::default();
        let triggers = errors.gather(settings.list("MEASUREMENT_TRIGGERS", expected));
        let cancels = errors.gather(settings.list("CANCEL_TRIGGERS", expected));
        let fields = FieldNames::read(settings);
        errors.unless_any(|| Some(Self { triggers: triggers?, cancels: cancels?, fields }))
    }
}

impl FieldNames {
    fn read(settings: &Settings) -> Self {
        let or = |name, default| settings.text(name).map_or(default, FieldKeys::parse);
        let default = Self::default();
        Self {
            address: or("FIELD_ADDRESS", default.address),
            order_number: or("FIELD_ORDER_NUMBER", default.order_number),
            zone: or("FIELD_ZONE", default.zone),
            dealer: or("FIELD_DEALER", default.dealer),
            product: or("FIELD_PRODUCT", default.product),
            comment: or("FIELD_COMMENT", default.comment),
        }
    }
}
