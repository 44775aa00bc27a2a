//! Which addresses the server accepts in buttons and in `<a href>`.

/// Says why the server would refuse the address, in its words.
pub(in crate::telegram) fn check(url: &str) -> Result<(), &'static str> {
    let lower = url.to_lowercase();
    for own in ["tg:", "ton:", "tonsite:"] {
        if let Some(rest) = lower.strip_prefix(own) {
            let rest = rest.trim_start_matches('/');
            return if rest.is_empty() { Err("URL host is empty") } else { Ok(()) };
        }
    }
    let address = match lower.split_once("://") {
        Some(("http" | "https", address)) => address,
        Some(_) => return Err("Unsupported URL protocol"),
        None => &lower,
    };
    host(address).and_then(|host| if host.contains('.') { Ok(()) } else { Err("Wrong HTTP URL") })
}

/// The address for Mini Apps must be encrypted.
pub(in crate::telegram) fn check_https(url: &str) -> Result<(), &'static str> {
    check(url)?;
    if url.to_lowercase().starts_with("https://") { Ok(()) } else { Err("Only HTTPS links are allowed") }
}

fn host(address: &str) -> Result<&str, &'static str> {
    let authority = address.split(['/', '?', '#']).next().unwrap_or_default();
    let authority = authority.rsplit_once('@').map_or(authority, |(_, host)| host);
    let host = match authority.rsplit_once(':') {
        Some((host, port)) => {
            port.parse::<u16>()
                .ok()
                .filter(|port| *port > 0)
                .ok_or("Wrong port number specified in the URL")?;
            host
        }
        None => authority,
    };
    if host.is_empty() { Err("URL host is empty") } else { Ok(host) }
}

#[cfg(test)]
mod tests {
    use super::{check, check_https};

    #[test]
    fn only_schemes_of_the_web_and_of_telegram_pass() {
        for url in
            ["https://yandex.ru/maps/?rtext=~55.7,37.6", "HTTP://a.b:80/x", "t.me/bot", "tg://user?id=1"]
        {
            assert_eq!(check(url), Ok(()), "{url}");
        }
        let refused = [
            ("tel:+79161234567", "Wrong port number specified in the URL"),
            ("yandexnavi://build_route_on_map", "Unsupported URL protocol"),
            ("https://", "URL host is empty"),
            ("https://localhost/x", "Wrong HTTP URL"),
            ("nonsense", "Wrong HTTP URL"),
        ];
        for (url, reason) in refused {
            assert_eq!(check(url), Err(reason), "{url}");
        }
        assert_eq!(check_https("http://a.b"), Err("Only HTTPS links are allowed"));
    }
}
