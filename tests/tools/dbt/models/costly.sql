SELECT auction, price FROM {{ source('shop', 'bids') }} WHERE price > 1
