"""Files that are brought in on screen: kept between the look and the deed, and answered alike whatever their kind."""
